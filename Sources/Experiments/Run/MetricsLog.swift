import FileFormats

/// `metrics.jsonl`: the measures of a run, one JSON object a line. Only what the configuration and
/// the data determine is written there; clock times are in `timing.jsonl`.
///
///     {"kind":"train","step":50,"epoch":1,"loss":312.5,"kl":4.1}
///     {"kind":"evaluation","step":469,"epoch":1,"loss":285.0,"kl":5.2}
struct MetricsLog {
  /// How many bytes of a log are read: a line each of two million steps.
  static let greatestSize = 256 << 20

  private let file: AppendFile

  /// Opens the log and cuts off what follows the first `length` bytes.
  init(_ path: String, keeping length: Int) throws(FileError) {
    file = try AppendFile(path, keeping: length)
  }

  /// Bytes of the whole lines written so far.
  var length: Int { file.length }

  /// Adds a line; its measures must be finite.
  func append(_ line: MetricsLine) throws(FileError) {
    try file.append(line: line.json.text())
  }

  /// Returns when every line is on the disk.
  func synchronize() throws(FileError) {
    try file.synchronize()
  }
}

/// One line of `metrics.jsonl`.
public struct MetricsLine: Sendable, Hashable {
  /// What was measured.
  public enum Kind: String, Sendable, Hashable {
    /// The means of the training steps since the line before.
    case train
    /// Data held out from training, at the end of an epoch.
    case evaluation
  }

  /// What was measured.
  public let kind: Kind
  /// How many steps were done.
  public let step: Int
  /// The epoch of the last of them, counted from 1.
  public let epoch: Int
  /// The measures.
  public let metrics: Metrics

  init(_ kind: Kind, step: Int, epoch: Int, _ metrics: Metrics) {
    self.kind = kind
    self.step = step
    self.epoch = epoch
    self.metrics = metrics
  }

  /// Reads a line, or gives nil when it is not one of ours.
  init?(bytes: ArraySlice<UInt8>) {
    guard bytes.first == UInt8(ascii: "{"), bytes.count <= 1 << 20,
      let json = try? JSON.decode(Array(bytes), path: "")
    else {
      return nil
    }
    self.init(json)
  }

  private init?(_ json: JSON) {
    guard let kind = json["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
      let step = json["step"]?.integerValue, let epoch = json["epoch"]?.integerValue,
      let members = json.members, members.count >= 3
    else { return nil }
    let metrics = Metrics(members.dropFirst(3))
    guard metrics.measures.count == members.count - 3 else { return nil }
    self.init(kind, step: step, epoch: epoch, metrics)
  }

  /// The line as it is written.
  public var json: JSON {
    var members: [JSON.Member] = [
      .init("kind", .string(kind.rawValue)), .init("step", .integer(Int64(step))),
      .init("epoch", .integer(Int64(epoch))),
    ]
    members += metrics.members
    return .object(members)
  }

  /// The lines of a log. What follows the last line feed is a line still being written, by a run at
  /// work or by one that was killed, and is left out. A run that wrote nothing has no lines.
  public static func read(_ folder: RunFolder) throws(FileError) -> [MetricsLine] {
    Files.kind(of: folder.metrics) == nil ? [] : try read(folder.metrics)
  }

  /// The lines of the log at `path`.
  static func read(_ path: String) throws(FileError) -> [MetricsLine] {
    let bytes = try Files.read(path, limit: MetricsLog.greatestSize)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var result: [MetricsLine] = []
    for (index, line) in lines.dropLast().enumerated() {
      let place = "line \(index + 1)"
      guard let metrics = MetricsLine(bytes: line) else {
        throw FileError(
          .damaged, path: path, place: place, "expected a line of measures")
      }
      result.append(metrics)
    }
    return result
  }
}

extension Metrics {
  /// The measures as members of a JSON object; they must be finite.
  var members: [JSON.Member] {
    measures.map { .init($0.name, .number($0.value)) }
  }

  /// Takes the members that are measures.
  init(_ members: some Sequence<JSON.Member>) {
    self.init()
    for member in members where Self.isName(member.key) && self[member.key] == nil {
      if let value = member.value.doubleValue {
        append(member.key, value)
      }
    }
  }
}
