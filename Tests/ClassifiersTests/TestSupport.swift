// Unsafe: mkdtemp writes the folder's name into an array of its own.

import FileFormats
import Glibc

/// A new folder under /tmp that goes away, with all in it, when the value does.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/atelier-classifiers-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }
}
