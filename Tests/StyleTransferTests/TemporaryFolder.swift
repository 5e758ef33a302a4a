// Unsafe: mkdtemp writes the folder's name into an array of its own.

import FileFormats
import Glibc

/// A folder that goes away with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit { try? Files.removeFolder(path) }
}
