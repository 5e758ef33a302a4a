// Unsafe: OpenBLAS describes itself in C strings that live as long as the library.

import COpenBLAS

/// The libraries that the engine computes with.
public enum EngineLibraries {
  /// What each library says of itself, by name.
  public static var descriptions: [(name: String, description: String)] {
    // "OpenBLAS 0.3.21 DYNAMIC_ARCH ...": the name is said already.
    let version = unsafe String(cString: openblas_get_config())
      .split(separator: " ").dropFirst().joined(separator: " ")
    let kernels = unsafe String(cString: openblas_get_corename())
    return [
      ("OpenBLAS", "\(version), kernels for \(kernels)"),
      ("oneDNN", ConvolutionProvider.oneDNNVersion ?? "not built in"),
    ]
  }
}
