import Autoencoders
import Datasets
import Experiments
import FileFormats
import Imaging

/// What reads bytes from outside.
///
/// An input may be refused by an error of a documented type; it must not trap, hang or take memory
/// beyond its size. What is accepted and can be written must be read and written again as the same.
enum Parser: String, CaseIterable {
  case configuration, overrides, json, safetensors, npy, npz, weights, gzip, idx, png,
    jpeg

  private static let path = "input"

  func read(_ bytes: [UInt8]) {
    do {
      switch self {
      case .configuration: try Self.readConfiguration(bytes)
      case .overrides: try Self.readOverrides(bytes)
      case .json:
        try Self.readTwice(bytes, { Array($0.text().utf8) }) {
          try JSON.decode($0, path: Self.path)
        }
      case .safetensors:
        try Self.readTwice(bytes, { SafeTensors.encode($0) }) {
          try SafeTensors.decode($0, path: Self.path).records
        }
      case .npy:
        try Self.readTwice(bytes, NPY.encode) { try NPY.decode($0, path: Self.path) }
      case .npz:
        try Self.readTwice(bytes, { try NPZ.encode($0, path: Self.path) }) {
          try NPZ.decode($0, path: Self.path)
        }
      case .weights:
        try Self.readTwice(bytes, { SafeTensors.encode($0) }) {
          try WeightFile($0, path: Self.path).records()
        }
      case .gzip: _ = try Gzip.decompress(bytes, path: Self.path)
      case .idx: _ = try IDX.decode(bytes, path: Self.path)
      case .png: try Self.readTwice(bytes, PNG.encode) { try PNG.decode($0) }
      case .jpeg: _ = try JPEG.decode(bytes)
      }
    } catch is FileError, is ImageError, is ConfigurationError {
      // Refused, as it should be.
    } catch {
      fatalError("an error of no documented type: \(error)")
    }
  }

  /// Reads the bytes, writes what they mean, and reads and writes that.
  private static func readTwice<Content>(
    _ bytes: [UInt8], _ encode: (Content) throws -> [UInt8],
    _ decode: ([UInt8]) throws -> Content
  ) throws {
    let written = try encode(decode(bytes))
    do {
      let again = try encode(decode(written))
      precondition(again == written, "written again, it is another")
    } catch {
      fatalError("what was written is refused: \(error)")
    }
  }

  private static func readConfiguration(_ bytes: [UInt8]) throws {
    _ = try resolve(VAEConfiguration.self, file: experiment(SourceText(path: path, bytes: bytes)))
  }

  /// A line for each override.
  private static func readOverrides(_ bytes: [UInt8]) throws {
    let overrides = bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let basis = try SourceText(path: path, bytes: Array("module: vae\n".utf8))
    _ = try resolve(VAEConfiguration.self, file: experiment(basis), overrides: overrides)
  }

  /// An experiment of one text, whichever others it extends.
  private static func experiment(_ source: SourceText) throws(ConfigurationError) -> ExperimentFile
  {
    try ExperimentFile(name: path, source: source) { _, _ throws(ConfigurationError) in source }
  }
}
