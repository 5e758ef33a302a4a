// Unsafe: mkdtemp writes the folder's name into an array of its own.

import FileFormats
import Glibc
import Synchronization

/// A folder for texts that goes away with the value.
final class TextFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }

  /// Writes a file and gives its path.
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try DurableFile.write(bytes, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }
}

/// What an experiment told its user.
final class Notes: Sendable {
  private let said = Mutex<[String]>([])

  /// The lines, in the order they were told.
  var lines: [String] { said.withLock { $0 } }

  func append(_ line: String) { said.withLock { $0.append(line) } }
}
