import Glibc

/// The bytes of a file, read a range at a time when they are asked for, or bytes in memory.
struct ByteSource: Sendable {
  /// Named in errors.
  let path: String
  /// How many bytes there are.
  let count: Int
  private let content: Content

  private enum Content: Sendable {
    case memory([UInt8])
    case file(SharedFile)
  }

  /// Bytes in memory.
  init(_ bytes: [UInt8], path: String) {
    self.path = path
    count = bytes.count
    content = .memory(bytes)
  }

  /// The regular file at `path`.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  init(path: String) throws(FileError) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, for: .read)
    self.path = path
    count = try file.length()
    content = .file(SharedFile(file))
  }

  /// The bytes of a range inside the source.
  ///
  /// - Throws: `.inputOutput`, `.damaged` where the file has become shorter, or `.tooLarge` where
  ///   the range does not fit into memory.
  func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    switch content {
    case .memory(let bytes):
      return range == 0..<count ? bytes : Array(bytes[range])
    case .file(let shared):
      // Asking costs a system call; less than this is always there.
      guard range.count < 1 << 20 || SystemCalls.hasRoom(for: range.count) else {
        throw FileError(.tooLarge, path: path, "\(range.count) bytes do not fit into memory")
      }
      let bytes = try shared.file.read(count: range.count, at: range.lowerBound)
      guard bytes.count == range.count else {
        throw FileError(.damaged, path: path, "was cut to fewer bytes while it was read")
      }
      return bytes
    }
  }
}

/// An open file that several values read.
private final class SharedFile: Sendable {
  let file: OpenFile

  init(_ file: consuming OpenFile) {
    self.file = file
  }
}
