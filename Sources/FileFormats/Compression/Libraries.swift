// Unsafe: zlib tells its version as a C string that is never freed.

import CZlib

/// The libraries that files are read by.
public enum FileFormatsLibraries {
  /// What each library says of its version, by name.
  public static var descriptions: [(name: String, description: String)] {
    [("zlib", unsafe String(cString: zlibVersion()))]
  }
}
