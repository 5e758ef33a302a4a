// Unsafe: the libraries tell their versions as C strings that are never freed.

import CJPEG
import CPNG

/// The libraries that images are read and written by.
public enum ImagingLibraries {
  /// What each library says of its version, by name.
  public static var descriptions: [(name: String, description: String)] {
    [
      ("libpng", unsafe String(cString: png_shim_version())),
      ("libjpeg", unsafe String(cString: jpeg_shim_version())),
    ]
  }
}
