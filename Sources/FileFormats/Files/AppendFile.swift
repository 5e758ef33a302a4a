import Glibc

/// A log that only grows, a line at a time. Each line is in the file whole or not at all, unless
/// the process is killed while it writes one; the length a checkpoint remembers tells where to
/// go on.
public final class AppendFile {
  /// The file.
  public let path: String
  /// The bytes in the file, which is where the next line goes.
  public private(set) var length: Int
  private let file: OpenFile

  /// Opens or makes the file at `path`.
  ///
  /// - Parameter length: how many bytes to keep; what follows them is cut off. All if nil.
  /// - Throws: `.damaged` if the file is shorter than `length`, `.cannotCreate`, `.inputOutput`.
  public init(_ path: String, keeping length: Int? = nil) throws(FileError) {
    file = try OpenFile(path, flags: O_WRONLY | O_CREAT | O_NOFOLLOW, for: .create)
    self.path = path
    let found = try file.length()
    self.length = length ?? found
    guard self.length <= found else {
      throw FileError(
        .damaged, path: path, "\(found) bytes, expected at least \(self.length) written before")
    }
    if self.length < found { try file.truncate(to: self.length) }
    try Files.synchronizeFolder(of: path)
  }

  /// Adds `line`, which holds no end of line, and one.
  ///
  /// - Throws: `.inputOutput`; then the file is as it was before.
  public func append(line: String) throws(FileError) {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a line holds no end of line")
    let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
    do throws(FileError) {
      try file.write(bytes, at: length)
    } catch {
      // Should cutting fail as well, the next line overwrites what is there.
      try? file.truncate(to: length)
      throw error
    }
    length += bytes.count
  }

  /// Returns when all lines are on the disk.
  ///
  /// - Throws: `.inputOutput`.
  public func synchronize() throws(FileError) {
    try file.synchronize()
  }
}
