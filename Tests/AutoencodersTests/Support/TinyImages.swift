// Unsafe: mkdtemp writes the folder's name into an array of its own.

import Autoencoders
import Experiments
import FileFormats
import Glibc
import Randomness

/// A folder with a data set named `mnist` of a few square grey images, in which each class lights
/// another column. It goes away with the value.
final class TinyImages: Sendable {
  let path: String
  /// Height and width, in pixels.
  let side: Int
  static let trainCount = 24
  static let testCount = 7

  init(side: Int) throws {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
    self.side = side
    try write("train", count: Self.trainCount)
    try write("t10k", count: Self.testCount)
  }

  deinit {
    try? Files.removeFolder(path)
  }

  /// The pixels of one split, image after image.
  func pixels(_ split: String, count: Int) -> [UInt8] {
    var random = RandomStream(seed: 1, name: split)
    return (0..<count * side * side).map { place in
      let isLit = place % side == place / (side * side) % min(10, side)
      return UInt8(random.integer(below: 64) + (isLit ? 192 : 0))
    }
  }

  private func write(_ split: String, count: Int) throws {
    try write("\(split)-images-idx3-ubyte", [count, side, side], pixels(split, count: count))
    try write("\(split)-labels-idx1-ubyte", [count], (0..<count).map { UInt8($0 % min(10, side)) })
  }

  /// An IDX file of unsigned bytes (LeCun's description of the MNIST files).
  private func write(_ name: String, _ shape: [Int], _ content: [UInt8]) throws {
    let extents = shape.flatMap { extent in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
    }
    try DurableFile.write([0, 0, 8, UInt8(shape.count)] + extents + content, to: "\(path)/\(name)")
  }

  /// An autoencoder of these images: a batch of 8, one hidden layer of 16 and two latents unless
  /// `change` says otherwise.
  func autoencoder(
    seed: UInt64 = 1, threads: Int = 1,
    _ change: (inout AutoencoderConfiguration) -> Void = { _ in }
  ) throws -> Autoencoder {
    var configuration = AutoencoderConfiguration()
    configuration.data.dataset = "mnist"
    configuration.batchSize = 8
    configuration.hidden = [16]
    change(&configuration)
    return try Autoencoder(
      configuration, in: RunContext(seed: seed, threads: threads, dataFolder: path))
  }
}

/// An autoencoder of 256 sprites of 32 x 32 pixels.
func spriteAutoencoder(
  seed: UInt64 = 1, threads: Int = 1, _ change: (inout AutoencoderConfiguration) -> Void = { _ in }
) throws -> Autoencoder {
  var configuration = AutoencoderConfiguration()
  configuration.data.dataset = "sprites"
  configuration.data.imageLimit = 256
  configuration.batchSize = 32
  configuration.hidden = [64]
  change(&configuration)
  return try Autoencoder(configuration, in: RunContext(seed: seed, threads: threads))
}

extension Autoencoder {
  /// Carries out some steps and gives what they measured.
  @discardableResult
  mutating func train(_ steps: Range<Int>) throws -> [Metrics] {
    try steps.map { try step($0) }
  }
}
