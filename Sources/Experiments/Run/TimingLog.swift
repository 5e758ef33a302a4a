import FileFormats

/// `timing.jsonl`: what took how long, one JSON object a line. A run that was resumed repeats the
/// steps it had to repeat; `session` tells the attempts apart.
///
///     {"session":1,"kind":"train","step":50,"seconds":0.42,"samplesPerSecond":15238.1}
///     {"session":1,"kind":"evaluation","step":469,"seconds":0.31}
struct TimingLog {
  /// What took time.
  enum Kind: String {
    /// Everything since the session began; with the rate.
    case train
    /// One evaluation.
    case evaluation
    /// One export of pictures and tables.
    case export
    /// One checkpoint.
    case checkpoint
  }

  private let file: AppendFile
  private let session: Int

  init(_ path: String, session: Int) throws(FileError) {
    file = try AppendFile(path)
    self.session = session
  }

  /// Adds a line.
  func append(
    _ kind: Kind, step: Int, seconds: Double, samplesPerSecond: Double? = nil
  ) throws(FileError) {
    var members: [JSON.Member] = [
      .init("session", .integer(Int64(session))), .init("kind", .string(kind.rawValue)),
      .init("step", .integer(Int64(step))), .init("seconds", .number(seconds)),
    ]
    if let samplesPerSecond {
      members.append(.init("samplesPerSecond", .number(samplesPerSecond)))
    }
    try file.append(line: JSON.object(members).text())
  }
}
