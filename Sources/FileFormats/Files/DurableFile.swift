import Glibc

/// Files that are there in whole, or as they were before, whenever the process or the machine
/// stops: written under a temporary name beside their place, put on the disk, then renamed.
public enum DurableFile {
  /// Puts a file of these bytes at `path`, in place of the one that may be there. When it returns
  /// the file survives a power cut; when it throws, `path` is as it was, or whole and new if only
  /// its folder could not be put on the disk, and no temporary file is left. One task at a time
  /// writes a given path.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(chunks: [bytes], to: path)
  }

  /// Puts a file of these chunks, one after the other, at `path`, as `write(_:to:)` does.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`.
  public static func write(chunks: [[UInt8]], to path: String) throws(FileError) {
    let temporary = temporaryPath(for: path)
    do throws(FileError) {
      let file = try OpenFile(
        temporary, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, for: .create)
      var offset = 0
      for chunk in chunks {
        try file.write(chunk, at: offset)
        offset += chunk.count
      }
      try file.synchronize()
      try SystemCalls.rename(temporary, to: path)
    } catch {
      // The first error is the one to tell; the temporary file may not even exist.
      try? SystemCalls.unlink(temporary)
      var error = error
      error.path = path
      throw error
    }
    try Files.synchronizeFolder(of: path)
  }

  /// Removes the temporary files that writers which are no longer alive left in a folder, and
  /// returns their names. Those of other live processes, links and all other files stay. To be
  /// called before this process writes there.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  @discardableResult
  public static func removeStaleTemporaryFiles(in folder: String) throws(FileError) -> [String] {
    var removed: [String] = []
    for name in try Files.names(in: folder) {
      guard let writer = writer(ofTemporary: name) else { continue }
      let path = folder + "/" + name
      guard let mode = SystemCalls.mode(of: path, followingLinks: false),
        mode & S_IFMT == S_IFREG,
        writer == SystemCalls.processIdentifier || !SystemCalls.isAlive(writer)
      else { continue }
      try SystemCalls.unlink(path)
      removed.append(name)
    }
    return removed
  }

  /// `folder/.NAME.PID.tmp` for `folder/NAME`.
  private static func temporaryPath(for path: String) -> String {
    let name = ".\(Files.name(of: path)).\(SystemCalls.processIdentifier).tmp"
    return Files.folder(of: path) + "/" + name
  }

  /// The process number in a temporary file's name; nil for any other name.
  private static func writer(ofTemporary name: String) -> Int32? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == "tmp",
      let process = Int32(parts[parts.count - 2]), process > 0
    else { return nil }
    return process
  }
}
