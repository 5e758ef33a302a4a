import AdversarialNetworks
import Experiments
import FileFormats
import Glibc
import Imaging

/// Networks that translate between 16 sprites of 32 x 32 pixels and their edges, 2 at a time.
func tinyTranslation(
  seed: UInt64 = 1, threads: Int = 1,
  _ change: (inout TranslationConfiguration) -> Void = { _ in }
) throws -> ImageTranslator {
  var configuration = TranslationConfiguration()
  configuration.data.dataset = "sprites"
  configuration.data.imageLimit = 16
  configuration.batchSize = 2
  configuration.generator.channels = [4, 8]
  configuration.generator.blocks = 1
  configuration.discriminator.channels = [4, 8]
  change(&configuration)
  return try ImageTranslator(configuration, in: RunContext(seed: seed, threads: threads))
}

/// The records of a translator whose names begin with a network's.
func records(_ experiment: ImageTranslator, of network: String) -> [TensorRecord] {
  experiment.state().filter { $0.name.hasPrefix("\(network).") }
}

/// A folder under /tmp with a folder of pictures for each side, which goes away when the value does.
final class TwoSides {
  let path: String

  init() throws {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
    for side in ["a", "b"] { _ = try Files.createFolder("\(path)/\(side)") }
  }

  deinit {
    try? Files.removeFolder(path)
  }

  /// The pixels of a grey picture of 16 x 16 with a pattern of its number.
  static func pixels(_ number: Int) -> [UInt8] {
    (0..<256).map { UInt8(truncatingIfNeeded: $0 * (number + 3) + 11 * number) }
  }

  func write(_ side: String, _ name: String, _ number: Int) throws {
    let image = Image(width: 16, height: 16, channels: 1, pixels: Self.pixels(number))
    try DurableFile.write(PNG.encode(image), to: "\(path)/\(side)/\(name).png")
  }

  /// Networks that translate between the two folders.
  func translation(
    _ change: (inout TranslationConfiguration) -> Void = { _ in }
  ) throws -> ImageTranslator {
    try tinyTranslation { configuration in
      configuration.data.dataset = "folder:\(path)"
      configuration.data.imageLimit = 0
      configuration.data.imageSize = 16
      configuration.sides = .folders
      configuration.batchSize = 1
      configuration.generator.dropout = 0
      change(&configuration)
    }
  }
}
