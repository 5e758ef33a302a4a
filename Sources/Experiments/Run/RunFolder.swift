import FileFormats

/// The folder of one run, `outputs/<experiment>-<NNN>/`, and where things are in it.
public struct RunFolder: Sendable, Hashable {
  /// Path of the folder.
  public let path: String

  /// The run's name: the folder's own.
  public var name: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The resolved configuration with the origin of each value.
  public var configuration: String { path + "/config.yaml" }
  /// Status, seed, versions, machine and data hashes.
  public var record: String { path + "/run.json" }
  /// The measures: deterministic values only.
  public var metrics: String { path + "/metrics.jsonl" }
  /// Wall-clock times.
  public var timing: String { path + "/timing.jsonl" }
  /// What the run said.
  public var log: String { path + "/log.txt" }
  /// The layers and programs.
  public var model: String { path + "/model.json" }
  /// All of it on one page.
  public var report: String { path + "/report.html" }
  /// Saved states.
  public var checkpoints: String { path + "/checkpoints" }
  /// Pictures and tables.
  public var images: String { path + "/images" }

  /// Pictures and tables after an epoch that is not the last.
  func images(after epoch: Int) -> String { "\(images)/\(Self.name(ofEpoch: epoch))" }

  /// What is called after an epoch: `epoch-0012`.
  static func name(ofEpoch epoch: Int) -> String { "epoch-\(Quantity.padded(epoch, to: 4))" }

  /// What was told of weights, gradients and activations, a table for each epoch that was watched.
  var watch: String { images + "/watch" }

  /// Names a folder; nothing is read or created.
  public init(path: String) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") {
      path.removeLast()
    }
    self.path = path
  }

  /// The folder that a person means: of the run of this name, or at this path. It may lack
  /// anything but a record or a configuration, damaged or not.
  ///
  /// - Throws: `RunError`, with the nearest name.
  public static func find(_ run: String, in outputs: String) throws -> RunFolder {
    var candidates = [RunFolder(path: run)]
    if run.isExperimentName { candidates.insert(RunFolder(path: "\(outputs)/\(run)"), at: 0) }
    for folder in candidates {
      if Files.kind(of: folder.record) != nil || Files.kind(of: folder.configuration) != nil {
        return folder
      }
    }
    let names = try RunSummary.all(in: outputs).map(\.folder.name)
    throw RunError(
      .notFound, "there is no run '\(run)' in \(outputs)",
      hint: nearest(to: run, in: names).map { "did you mean '\($0)'?" }
        ?? "'atelier runs' lists those there are")
  }

  /// Creates the folder of a new run. The kernel decides who gets a number, so runs begun at the
  /// same instant never share a folder.
  static func create(experiment: String, in outputs: String) throws(FileError) -> RunFolder {
    try Files.createFolders(outputs)
    let taken = try Files.names(in: outputs).compactMap { RunName.number(in: $0, of: experiment) }
    var number = (taken.max() ?? 0) + 1
    while true {
      let folder = RunFolder(path: "\(outputs)/\(RunName.numbered(experiment, number))")
      if try Files.createFolder(folder.path) {
        return folder
      }
      number += 1
    }
  }

  /// The folder of a run that has its name from elsewhere. One that a killed process left before it
  /// wrote a record is taken over.
  static func create(named name: String, in outputs: String) throws(FileError) -> RunFolder {
    let folder = RunFolder(path: "\(outputs)/\(name)")
    try Files.createFolders(folder.path)
    return folder
  }

  /// How many bytes of measures there are; 0 of a run that wrote none.
  func metricsLength() throws(FileError) -> Int {
    Files.kind(of: metrics) == nil ? 0 : try Files.length(of: metrics)
  }

  /// The path of the newest checkpoint.
  ///
  /// - Throws: `.notFound` when there is none yet.
  public var newestCheckpoint: String {
    get throws(FileError) {
      let folder = CheckpointFolder(checkpoints)
      guard let step = try folder.steps().last else {
        throw FileError(
          .notFound, path: path, "no run with a checkpoint",
          hint: "name the folder of a run that was trained")
      }
      return folder.file(of: step)
    }
  }

  /// The paths of the checkpoints, pictures and tables there are, sorted.
  public func files() throws(FileError) -> [String] {
    var files: [String] = []
    for folder in try folders() where folder != path {
      files += try Files.names(in: folder).map { "\(folder)/\($0)" }
        .filter { Files.kind(of: $0) == .file }
    }
    return files
  }

  /// Removes the temporary files of processes that were killed while they wrote.
  func removeLeftovers() throws(FileError) {
    for folder in try folders() {
      try DurableFile.removeStaleTemporaryFiles(in: folder)
    }
  }

  /// The folders that a run writes to, as far as they exist.
  private func folders() throws(FileError) -> [String] {
    var folders = [path, checkpoints, images]
    if Files.kind(of: images) == .folder {
      folders += try Files.names(in: images).map { "\(images)/\($0)" }
    }
    return folders.filter { Files.kind(of: $0) == .folder }
  }
}
