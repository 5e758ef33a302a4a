import Glibc

// Unsafe code in this file: open(2), read(2) and write(2) take C pointers. The kernel's files say a
// length of 0, so they cannot be read as others are.

/// The files under `/proc` and `/etc` by which the system describes itself.
public enum KernelFile {
  /// The lines of the first 64 KiB, or none when the file cannot be read.
  public static func lines(_ path: String) -> [Substring] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var length = 0
    while length < bytes.count {
      // The kernel hands a long file over in pages.
      let count = unsafe bytes[length...].withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      length += count
    }
    return String(decoding: bytes.prefix(length), as: UTF8.self).split(separator: "\n")
  }

  /// Writes a word to a file by which the system takes orders; whether it was taken.
  static func write(_ word: String, to path: String) -> Bool {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { _ = close(descriptor) }
    let bytes = Array(word.utf8)
    return unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count
    }
  }
}
