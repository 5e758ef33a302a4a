import NeuralNetworks
import Randomness
import TensorEngine

/// ResNet-18 and ResNet-50 (He, Zhang, Ren and Sun, "Deep residual learning for image recognition",
/// 2016): four groups of blocks whose input is added to their output, each group at half the size
/// of the one before. The layers are "relu1", before the first pooling, and "layer2.1" for the
/// second block of the second group, as torchvision names it; so are the parameters.
///
/// Style is seen at the last blocks of the groups, content at the last of the third. What is added
/// makes few channels very strong, and pictures less like their style than VGG's (Wang, Li and
/// Vasconcelos, "Rethinking and improving the robustness of image style transfer", 2021).
///
/// Differs from the paper: in ResNet-50 the 3x3 convolution of a group's first block takes the
/// stride, not the 1x1 before it, as torchvision does ("ResNet v1.5").
public struct ResNet: SteppedNetwork {
  /// Its layers in order.
  public var steps: NetworkSteps

  /// ResNet-18, of blocks of two 3x3 convolutions, with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether its dense layer belongs to it.
  public static func eighteen(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) -> ResNet {
    ResNet([2, 2, 2, 2], hasBottlenecks: false, through: last, classifies, &random)
  }

  /// ResNet-50, of blocks that narrow by 1x1, look by 3x3 and widen by 1x1, with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether its dense layer belongs to it.
  public static func fifty(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) -> ResNet {
    ResNet([3, 4, 6, 3], hasBottlenecks: true, through: last, classifies, &random)
  }

  /// - Parameter depths: the blocks of each group.
  private init(
    _ depths: [Int], hasBottlenecks: Bool, through last: String?, _ classifies: Bool,
    _ random: inout RandomStream
  ) {
    let widths = [64, 128, 256, 512]
    let widening = hasBottlenecks ? 4 : 1
    steps = NetworkBuilder.steps(
      colours: .imageNet, through: last, classifies: classifies, random: &random
    ) { network in
      network.convolve("conv1", to: 64, kernelSize: 7, stride: 2, .zeros(3), usesBias: false)
      network.normalize("bn1")
      network.rectify("relu")
      network.name("relu1")
      network.pool("maxpool", size: 3, stride: 2, padding: 1)
      for (group, (depth, width)) in zip(depths, widths).enumerated() {
        for block in 0..<depth {
          network.addResidualBlock(
            "layer\(group + 1).\(block)", width: width, widening: widening,
            stride: group > 0 && block == 0 ? 2 : 1)
        }
      }
    } classifier: { network in
      network.apply("avgpool", GlobalAveragePooling())
      network.connect("fc", from: 512 * widening, to: NetworkBuilder.classes)
    }
  }
}

extension NetworkBuilder {
  /// A block and what is added to it, named by its path.
  ///
  /// - Parameters:
  ///   - width: channels that the 3x3 convolutions give.
  ///   - widening: how many times as many the block gives; above 1 the 3x3 convolution stands
  ///     between two of 1x1.
  fileprivate mutating func addResidualBlock(
    _ path: String, width: Int, widening: Int, stride: Int
  ) {
    let inputs = channels
    let windows = widening > 1 ? [(1, 1), (3, stride), (1, 1)] : [(3, stride), (3, 1)]
    branch()
    for (number, (size, step)) in windows.enumerated() {
      let isLast = number == windows.count - 1
      convolve(
        "\(path).conv\(number + 1)", to: isLast ? width * widening : width, kernelSize: size,
        stride: step, .zeros(size / 2), usesBias: false)
      normalize("\(path).bn\(number + 1)")
      if !isLast { rectify("\(path).relu\(number + 1)") }
    }
    merge { shortcut in
      guard stride > 1 || inputs != width * widening else { return }
      shortcut.convolve(
        "\(path).downsample.0", to: width * widening, kernelSize: 1, stride: stride,
        usesBias: false)
      shortcut.normalize("\(path).downsample.1")
    }
    rectify("\(path).relu")
    name(path)
  }
}
