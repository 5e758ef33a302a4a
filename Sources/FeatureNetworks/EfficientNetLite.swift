import NeuralNetworks
import Randomness
import TensorEngine

/// EfficientNet-Lite0 (Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural
/// networks", 2019, in the variant its authors published in 2020 for small devices): sixteen
/// blocks that widen the channels by 1x1 convolutions, look at each by itself through 3x3 or 5x5
/// windows, and narrow them again.
///
/// The layers are "stem", "expand1" to "expand15" (the widened channels of a block, before it
/// looks), "block0" to "block15" (what a block gives, which may be negative) and "head". Style is
/// seen at the widened channels before each change of size, expand1, expand3, expand5, expand11,
/// and at block15; content at expand5. Parameters are named as in the package
/// efficientnet-lite-pytorch, whose weights were converted from the authors'.
///
/// Differs from the paper: ReLU6 in place of swish, and no squeeze-and-excitation, as in the authors'
/// own Lite variant; without dropout, which is training's.
public struct EfficientNetLite: SteppedNetwork {
  /// Its layers in order.
  public var steps: NetworkSteps

  /// A group of blocks: how many, their windows, the stride of the first, channels they give.
  struct Group {
    let depth: Int
    let kernelSize: Int
    let stride: Int
    let outputs: Int
  }

  /// The groups of Lite0.
  static let groups = [
    Group(depth: 1, kernelSize: 3, stride: 1, outputs: 16),
    Group(depth: 2, kernelSize: 3, stride: 2, outputs: 24),
    Group(depth: 2, kernelSize: 5, stride: 2, outputs: 40),
    Group(depth: 3, kernelSize: 3, stride: 2, outputs: 80),
    Group(depth: 3, kernelSize: 5, stride: 1, outputs: 112),
    Group(depth: 4, kernelSize: 5, stride: 2, outputs: 192),
    Group(depth: 1, kernelSize: 3, stride: 1, outputs: 320),
  ]
  /// Channels of a block's middle for each of its input, but for the first block.
  private static let expansion = 6
  /// Added to variances, as TensorFlow's network does.
  fileprivate static let epsilon = 1e-3

  /// EfficientNet-Lite0 with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether its dense layer belongs to it.
  public init(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) {
    steps = NetworkBuilder.steps(
      colours: .centred, through: last, classifies: classifies, random: &random
    ) { network in
      network.convolveAndClip("_conv_stem", "_bn0", to: 32, kernelSize: 3, stride: 2)
      network.name("stem")
      var block = 0
      for group in Self.groups {
        for number in 0..<group.depth {
          network.addBlock(
            block, group, stride: number == 0 ? group.stride : 1,
            expansion: block == 0 ? 1 : Self.expansion)
          block += 1
        }
      }
      network.convolveAndClip("_conv_head", "_bn1", to: 1280, kernelSize: 1)
      network.name("head")
    } classifier: { network in
      network.apply("_avg_pooling", GlobalAveragePooling())
      network.connect("_fc", from: 1280, to: NetworkBuilder.classes)
    }
  }
}

extension NetworkBuilder {
  /// A convolution, normalisation and ReLU6.
  fileprivate mutating func convolveAndClip(
    _ path: String, _ norm: String, to outputs: Int, kernelSize: Int, stride: Int = 1,
    groups: Int = 1
  ) {
    convolve(
      path, to: outputs, kernelSize: kernelSize, stride: stride, .same, groups: groups,
      usesBias: false)
    normalize(norm, epsilon: EfficientNetLite.epsilon)
    apply(norm + ".relu6", ReLU6())
  }

  /// A block, which is added to its input where both have the same shape.
  fileprivate mutating func addBlock(
    _ number: Int, _ group: EfficientNetLite.Group, stride: Int, expansion: Int
  ) {
    let path = "_blocks.\(number)"
    let (inputs, middle) = (channels, channels * expansion)
    let isResidual = stride == 1 && inputs == group.outputs
    if isResidual { branch() }
    if expansion > 1 {
      convolveAndClip("\(path)._expand_conv", "\(path)._bn0", to: middle, kernelSize: 1)
      name("expand\(number)")
    }
    convolveAndClip(
      "\(path)._depthwise_conv", "\(path)._bn1", to: middle, kernelSize: group.kernelSize,
      stride: stride, groups: middle)
    convolve("\(path)._project_conv", to: group.outputs, kernelSize: 1, .same, usesBias: false)
    normalize("\(path)._bn2", epsilon: EfficientNetLite.epsilon)
    if isResidual { merge() }
    name("block\(number)")
  }
}
