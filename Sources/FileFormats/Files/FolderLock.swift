import Glibc

/// The right to write in a folder, held by one process until this value goes away. The kernel
/// gives it back when the process dies, however it does, so there is no stale lock to clear.
public final class FolderLock {
  /// The name of the lock's file, which holds its owner's process number.
  public static let fileName = "run.lock"

  private let file: OpenFile

  /// Takes the lock of `folder`, which must exist.
  ///
  /// - Throws: `.busy`, naming the owner, if another holds it; `.cannotCreate`; `.inputOutput`.
  public init(_ folder: String) throws(FileError) {
    let path = folder + "/" + Self.fileName
    file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, for: .create)
    guard try file.tryLock() else {
      let owner = Int32(String(decoding: try file.read(count: 16), as: UTF8.self))
      throw FileError(
        .busy, path: folder,
        "in use by \(owner.map { "process \($0)" } ?? "another process")",
        hint: "wait for it or stop it")
    }
    try file.truncate(to: 0)
    try file.write(Array(String(SystemCalls.processIdentifier).utf8), at: 0)
  }
}
