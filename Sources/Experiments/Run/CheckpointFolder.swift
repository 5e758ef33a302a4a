import FileFormats

/// The saved states of a run, `checkpoints/step-000469.safetensors`. There is no file that names
/// the latest: the newest valid one is it.
struct CheckpointFolder {
  private static let prefix = "step-"
  private static let suffix = ".safetensors"

  private let path: String

  init(_ path: String) {
    self.path = path
  }

  /// The steps that were saved, ascending.
  func steps() throws(FileError) -> [Int] {
    guard Files.kind(of: path) == .folder else { return [] }
    return try Files.names(in: path).compactMap(Self.step).sorted()
  }

  /// The step in the name of a checkpoint; nil for other names.
  static func step(of name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    guard let step = Int(digits), step >= 0, name == Self.name(of: step) else { return nil }
    return step
  }

  /// Where the state after `step` steps is.
  func file(of step: Int) -> String {
    "\(path)/\(Self.name(of: step))"
  }

  /// Saves a state, then removes all but the best and the newest `count` up to it, and what a
  /// damaged run left after it.
  ///
  /// - Parameter best: the step whose state is kept however old it is.
  func save(_ checkpoint: Checkpoint, keeping count: Int, and best: Int?) throws(FileError) {
    try Files.createFolders(path)
    try DurableFile.write(chunks: checkpoint.encoded(), to: file(of: checkpoint.step))
    let steps = try steps()
    let kept = steps.filter { $0 <= checkpoint.step }.suffix(count)
    for step in steps where !kept.contains(step) && (step != best || step > checkpoint.step) {
      try Files.remove(file(of: step))
    }
  }

  /// The newest state that is whole and whose lines of `metrics.jsonl`, which has `metricsLength`
  /// bytes, are there. Damaged ones are told to `skip`.
  ///
  /// - Returns: nil when nothing was saved yet.
  /// - Throws: when everything that was saved is damaged, when a file is of a newer program, and
  ///   `.inputOutput`.
  func newestValid(
    metricsLength: Int, skip: (FileError) -> Void
  ) throws(FileError) -> Checkpoint? {
    let steps = try steps()
    for step in steps.reversed() {
      do throws(FileError) {
        let checkpoint = try Checkpoint(reading: file(of: step))
        guard checkpoint.metricsLength <= metricsLength else {
          throw FileError(
            .damaged, path: file(of: step),
            "metrics.jsonl has \(metricsLength) bytes, this state goes with "
              + "\(checkpoint.metricsLength)")
        }
        return checkpoint
      } catch {
        guard [.damaged, .tooLarge].contains(error.problem) else { throw error }
        skip(error)
      }
    }
    guard steps.isEmpty else {
      throw FileError(
        .damaged, path: path, "none of the \(steps.count) checkpoints is whole",
        hint: "begin a new run")
    }
    return nil
  }

  private static func name(of step: Int) -> String {
    prefix + Quantity.padded(step, to: 6) + suffix
  }
}
