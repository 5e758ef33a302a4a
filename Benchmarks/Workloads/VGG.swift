import NeuralNetworks
import Randomness
import TensorEngine

/// The convolutions of VGG (Simonyan and Zisserman 2015), all 3x3 with ReLU, with random frozen
/// weights; the blocks are divided by max-pooling of 2x2.
struct VGG: Module {
  /// One list a block.
  var blocks: [[Conv2D]]

  static let fields: [Field<VGG>] = [.module("blocks", \.blocks)]

  /// The mean and deviation of ImageNet's red, green and blue.
  private static let mean = [0.485, 0.456, 0.406]
  private static let deviation = [0.229, 0.224, 0.225]

  /// - Parameter widths: the channels of each convolution, one list a block.
  private init(_ widths: [[Int]], seed: UInt64) {
    var random = RandomStream(seed: seed, name: "VGG")
    var inputs = 3
    blocks = widths.map { block in
      block.map { outputs in
        defer { inputs = outputs }
        return Conv2D(
          inputs, outputs, kernelSize: 3, .init(padding: 1), activation: .relu,
          initializer: .heNormalOfOutputs, random: &random)
      }
    }
  }

  /// VGG-19 up to relu5_1.
  static func nineteen(seed: UInt64) -> VGG {
    VGG([[64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512]], seed: seed)
  }

  /// VGG-16 up to relu4_3.
  static func sixteen(seed: UInt64) -> VGG {
    VGG([[64, 64], [128, 128], [256, 256, 256], [512, 512, 512]], seed: seed)
  }

  /// The place of a layer: `Place(4, 2)` is relu4_2.
  struct Place: Hashable {
    let block: Int
    let layer: Int

    init(_ block: Int, _ layer: Int) {
      self.block = block
      self.layer = layer
    }
  }

  /// What images [N, 3, H, W] in 0 ... 1 look like at some places, up to the last of them.
  func features(_ images: Tensor, at places: [Place]) -> [Tensor] {
    let graph = images.graph
    func channels(_ values: [Double]) -> Tensor { graph.constant(values, shape: [1, 3, 1, 1]) }
    var x = (images - channels(Self.mean)) / channels(Self.deviation)
    var found: [Place: Tensor] = [:]
    for (block, layers) in blocks.enumerated() {
      if block > 0 { x = x.maxPooled(PoolingWindow(2)) }
      for (layer, convolution) in layers.enumerated() {
        x = graph.scoped("relu\(block + 1)_\(layer + 1)") { convolution(x, mode: .inference) }
        found[Place(block + 1, layer + 1)] = x
      }
      if places.allSatisfy({ found[$0] != nil }) { break }
    }
    return places.compactMap { found[$0] }
  }
}

extension Tensor {
  /// How the channels of [N, C, H, W] go together: [N, C, C], divided by C·H·W.
  var gramMatrix: Tensor {
    let flat = reshaped(to: [shape[0], shape[1], shape[2] * shape[3]])
    return flat.matmul(flat.transposed()) / Double(shape[1] * shape[2] * shape[3])
  }
}
