import FileFormats

/// A run as one sees it from outside: its record, and whether its owner is still alive.
public struct RunSummary: Sendable {
  /// The run's folder.
  public let folder: RunFolder
  /// What `run.json` says, with the status corrected by a look at the owner.
  public let record: RunRecord

  /// Looks at a run. Takes no lock and disturbs nobody.
  public init(_ folder: RunFolder) throws(FileError) {
    var record = try RunRecord.read(folder)
    if record.status == .running && !Self.ownerIsAlive(of: folder) {
      record.status = .interrupted
    }
    self.folder = folder
    self.record = record
  }

  /// Whether `atelier resume` has something to carry on.
  public var isUnfinished: Bool {
    [.stopped, .interrupted, .failed].contains(record.status)
  }

  /// The summary as `atelier runs --json` gives it.
  public var json: JSON {
    .object([.init("folder", .string(folder.path))] + (record.json(in: folder).members ?? []))
  }

  /// The runs in a folder, sorted by name. What is no run is passed over.
  public static func all(in outputs: String) throws(FileError) -> [RunSummary] {
    guard Files.kind(of: outputs) == .folder else { return [] }
    return try Files.names(in: outputs).compactMap { name in
      try? RunSummary(RunFolder(path: "\(outputs)/\(name)"))
    }
  }

  /// The run that a person names: by its name, or by the path of its folder.
  public static func find(_ run: String, in outputs: String) throws -> RunSummary {
    let named = RunFolder(path: "\(outputs)/\(run)")
    if run.isExperimentName, Files.kind(of: named.record) != nil {
      return try RunSummary(named)
    }
    let folder = RunFolder(path: run)
    if Files.kind(of: folder.record) != nil {
      return try RunSummary(folder)
    }
    let names = try all(in: outputs).map(\.folder.name)
    throw RunError(
      .notFound, "there is no run '\(run)' in \(outputs)",
      hint: nearest(to: run, in: names).map { "did you mean '\($0)'?" }
        ?? "'atelier runs' lists those there are")
  }

  /// The unfinished run that was written last.
  public static func newestUnfinished(in outputs: String) throws -> RunSummary {
    let unfinished = try all(in: outputs).filter(\.isUnfinished)
    guard let newest = unfinished.max(by: { $0.record.updated < $1.record.updated }) else {
      throw RunError(
        .notFound, "there is no unfinished run in \(outputs)",
        hint: "name a run to train it for more epochs, as in 'atelier resume RUN train.epochs=20'")
    }
    return newest
  }

  /// Whether the process that the lock names is one of this program.
  private static func ownerIsAlive(of folder: RunFolder) -> Bool {
    guard let bytes = try? Files.read("\(folder.path)/\(FolderLock.fileName)", limit: 16),
      let owner = Int32(String(decoding: bytes, as: UTF8.self)),
      let name = KernelFile.lines("/proc/\(owner)/comm").first
    else { return false }
    return name == KernelFile.lines("/proc/self/comm").first
  }
}
