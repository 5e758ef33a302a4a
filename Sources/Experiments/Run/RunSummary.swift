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
      record.status = .killed
    }
    self.folder = folder
    self.record = record
  }

  /// Whether `atelier resume` has something to carry on.
  public var isUnfinished: Bool {
    [.stopped, .killed, .failed].contains(record.status)
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
    try RunSummary(RunFolder.find(run, in: outputs))
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

  /// Whether the process that the lock's file names still holds the lock. The system's list of
  /// locks is asked: looking locks nothing, and a later process of the same number has no part in
  /// it.
  private static func ownerIsAlive(of folder: RunFolder) -> Bool {
    let path = "\(folder.path)/\(FolderLock.fileName)"
    guard let owner = FolderLock.namedOwner(of: folder.path), let inode = Files.inode(of: path)
    else { return false }
    // `1: FLOCK  ADVISORY  WRITE 22107 fe:00:16224237 0 EOF` (proc_locks(5)).
    return KernelFile.lines("/proc/locks").contains { line in
      let words = line.split(separator: " ")
      return words.count >= 6 && words[1] == "FLOCK" && words[4] == "\(owner)"
        && words[5].split(separator: ":").last == "\(inode)"
    }
  }
}
