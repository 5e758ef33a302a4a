import Datasets
import FileFormats
import TensorEngine

/// How the bytes of images become the numbers that a network sees.
public enum Normalization: String, CaseIterable, Sendable {
  /// -1 ... 1, whatever the images.
  case fixed
  /// Mean 0 and deviation 1 in each channel of the training images.
  case standard
}

/// What a network sees of images: their shape, and how bytes become numbers.
struct ClassifierInput: Sendable {
  /// [C, H, W]
  let image: Shape
  /// What is taken of the bytes of each channel, and what they are divided by then; nil for fixed
  /// numbers.
  let statistics: PixelStatistics?

  /// - Parameter train: what the statistics are of: the images that are learnt from, and no others.
  /// - Throws: what reading a file throws.
  init(
    _ normalization: Normalization, of train: any ImageSource
  ) throws(FileError) {
    image = [train.channels, train.height, train.width]
    statistics = normalization == .standard ? try PixelStatistics(of: train) : nil
  }

  /// The input "images" of a program, as numbers [batch, C, H, W].
  func images(_ graph: Graph, _ batch: Int) -> Tensor {
    let shape = Shape([batch] + image.dimensions)
    return numbers(of: graph.input("images", shape: shape, type: .byte).real())
  }

  /// What a network sees of bytes [batch, C, H, W] of 0 ... 255.
  func numbers(of bytes: Tensor) -> Tensor {
    guard let statistics else { return bytes / 127.5 - 1 }
    let graph = bytes.graph
    let channels: Shape = [1, statistics.means.count, 1, 1]
    // A channel that is one grey everywhere becomes 0.
    let deviations = statistics.deviations.map { $0 > 0 ? $0 : 1 }
    return (bytes - graph.constant(statistics.means, shape: channels))
      / graph.constant(deviations, shape: channels)
  }

  /// For people: `standard: of the training images, mean 72.94 and deviation 90.02 of 255`.
  var text: String {
    guard let statistics else { return "fixed: bytes 0 ... 255 to -1 ... 1" }
    func list(_ numbers: [Double]) -> String {
      numbers.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: ", ")
    }
    return "standard: of the training images, mean \(list(statistics.means)) "
      + "and deviation \(list(statistics.deviations)) of 255"
  }
}
