import Glibc

/// The right to write in a folder, held by one process until this value goes away. The kernel
/// gives it back when the process dies, however it does, so there is no stale lock to clear.
public final class FolderLock {
  /// The name of the lock's file, which names its owner: process number, host and time.
  public static let fileName = "run.lock"

  private let file: OpenFile

  /// Takes the lock of `folder`, which must exist.
  ///
  /// - Parameter time: since when, for others to read.
  /// - Throws: `.busy`, naming the owner, if another holds it; `.cannotCreate`; `.inputOutput`.
  public init(_ folder: String, since time: String = "") throws(FileError) {
    let path = folder + "/" + Self.fileName
    file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, for: .create)
    guard try file.tryLock() else {
      let owner = try Self.owner(in: file)
      throw FileError(
        .busy, path: folder, "in use by \(owner?.description ?? "another process")",
        hint: "wait for it or stop it")
    }
    let owner = Owner(process: SystemCalls.processIdentifier, host: SystemCalls.host, time: time)
    try file.truncate(to: 0)
    try file.write(Array(owner.line.utf8), at: 0)
  }

  /// The process that the lock's file in `folder` names, whether it still holds the lock or not.
  public static func namedOwner(of folder: String) -> Int32? {
    let path = folder + "/" + fileName
    return (try? Files.read(path, limit: Owner.greatestLength)).flatMap { Owner($0)?.process }
  }

  /// Whom the file of a lock that is held names. Until a new owner has written its name there, which
  /// it does as soon as it has the lock, that may be one that is gone.
  private static func owner(in file: borrowing OpenFile) throws(FileError) -> Owner? {
    for _ in 0..<100 {
      if let owner = Owner(try file.read(count: Owner.greatestLength)), owner.mayBeAlive {
        return owner
      }
      usleep(10_000)
    }
    return nil
  }

  /// Who holds the lock: one line of the file.
  private struct Owner: CustomStringConvertible {
    static let greatestLength = 512
    let process: Int32
    let host: String
    let time: String

    init(process: Int32, host: String, time: String) {
      (self.process, self.host, self.time) = (process, host, time)
    }

    init?(_ bytes: [UInt8]) {
      let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
      guard let first = words.first, let process = Int32(first) else { return nil }
      self.process = process
      host = words.count > 1 ? String(words[1]) : ""
      time = words.count > 2 ? String(words[2]) : ""
    }

    /// Of a process on another machine, nothing can be told.
    var mayBeAlive: Bool { host != SystemCalls.host || SystemCalls.isAlive(process) }

    var line: String { "\(process) \(host) \(time)\n" }

    var description: String {
      "process \(process)" + (host.isEmpty ? "" : " on \(host)")
        + (time.isEmpty ? "" : " since \(time)")
    }
  }
}
