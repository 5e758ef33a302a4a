import Experiments
import FileFormats
import Glibc
import Imaging
import StyleTransfer

/// A network that learns two styles from 6 drawn scenes in crops of 32 x 32, 2 at a time.
func tinyFastStyle(
  seed: UInt64 = 1, threads: Int = 1, _ change: (inout FastStyleConfiguration) -> Void = { _ in }
) throws -> FastStyle {
  var configuration = FastStyleConfiguration()
  configuration.data.imageLimit = 6
  configuration.data.imageSize = 40
  configuration.cropSize = 32
  configuration.batchSize = 2
  configuration.styles = ["drawn:waves", "drawn:mosaic"]
  configuration.styleSize = 32
  configuration.features.contentLayers = ["relu2_1"]
  configuration.features.styleLayers = ["relu1_1", "relu2_1"]
  configuration.transform.channels = [4, 6, 8]
  configuration.transform.blocks = 1
  change(&configuration)
  return try FastStyle(configuration, in: RunContext(seed: seed, threads: threads))
}

/// A decoder of few layers that learns from 6 drawn scenes and patterns, 2 pairs at a time.
func tinyAdaptiveStyle(
  seed: UInt64 = 1, threads: Int = 1,
  _ change: (inout AdaptiveStyleConfiguration) -> Void = { _ in }
) throws -> AdaptiveStyle {
  var configuration = AdaptiveStyleConfiguration()
  configuration.data.imageLimit = 6
  configuration.data.imageSize = 40
  configuration.cropSize = 32
  configuration.batchSize = 2
  configuration.features.contentLayers = ["relu2_1"]
  configuration.features.styleLayers = ["relu1_1", "relu2_1"]
  change(&configuration)
  return try AdaptiveStyle(configuration, in: RunContext(seed: seed, threads: threads))
}

/// A folder under /tmp that goes away when the value does.
final class PictureFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }

  /// Writes a picture of a size, and gives its path.
  @discardableResult
  func write(_ name: String, width: Int, height: Int) throws -> String {
    let file = "\(path)/\(name).png"
    try DurableFile.write(PNG.encode(picture(width: width, height: height)), to: file)
    return file
  }
}

/// A picture in colour without any pattern that repeats.
func picture(width: Int, height: Int) -> Image {
  Image(
    width: width, height: height, channels: 3,
    pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + 13 * $0) })
}

/// The greatest difference of two pictures' samples.
func greatestDifference(_ a: Image, _ b: Image) -> Int {
  zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
}
