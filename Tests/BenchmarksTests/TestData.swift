import FileFormats
import Glibc

/// A new folder under /tmp with a little of what the workloads read, which goes away with the value.
final class TestData {
  let path: String

  /// Images of random bytes under the name of Fashion-MNIST's, and texts under those of the
  /// licences.
  init(images: Int = 300) throws {
    var template = Array("/tmp/atelier-benchmarks-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe String(cString: mkdtemp(buffer.baseAddress))
    }
    var state: UInt32 = 1
    let header = [
      0, 0, 8, 3, 0, 0, UInt8(images >> 8), UInt8(images & 255), 0, 0, 0, 28, 0, 0, 0, 28,
    ]
    let bytes =
      header
      + (0..<images * 784).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      }
    try DurableFile.write(bytes, to: path + "/train-images-idx3-ubyte.gz")
    for name in [
      "Apache-2.0", "Artistic", "CC0-1.0", "GFDL-1.2", "GFDL-1.3", "GPL-1", "GPL-2", "GPL-3",
      "LGPL-2", "LGPL-2.1", "LGPL-3", "MPL-1.1", "MPL-2.0",
    ] {
      let text = String(repeating: "You may copy \(name), but not in the dark.\n", count: 9)
      try DurableFile.write(Array(text.utf8), to: "\(path)/\(name)")
    }
  }

  deinit {
    for name in (try? Files.names(in: path)) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
