import NeuralNetworks
import Randomness
import TensorEngine

/// SqueezeNet 1.1 (Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters",
/// 2016; release 1.1 of the authors' network): fire modules, which squeeze the channels by 1x1
/// convolutions and widen them again by 1x1 and 3x3. The layers are "relu1" and, as in the paper,
/// "fire2" to "fire9"; parameters are named as torchvision's are.
///
/// Style is seen at relu1, fire2, fire4, fire6 and fire9, content at fire5: 1.2 million numbers in
/// all, a sixteenth of VGG-19's.
///
/// Differs from the paper: release 1.1 pools earlier and begins with 3x3 windows, for 2.4 times less
/// work; without dropout, which is training's.
public struct SqueezeNet: SteppedNetwork {
  /// Its layers in order.
  public var steps: NetworkSteps

  /// SqueezeNet 1.1 with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether its classifier belongs to it.
  public init(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) {
    steps = NetworkBuilder.steps(
      colours: .imageNet, through: last, classifies: classifies, random: &random
    ) { network in
      network.convolve("features.0", to: 64, kernelSize: 3, stride: 2)
      network.rectify("features.1")
      network.name("relu1")
      network.pool("features.2", size: 3, stride: 2, roundsUp: true)
      // The place in torchvision's list, the squeezed channels and a half of the widened ones.
      for (number, (place, squeezed, half)) in [
        (3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192),
        (11, 64, 256), (12, 64, 256),
      ].enumerated() {
        network.applyBlock("features.\(place)", to: 2 * half, kernelSize: 3) { inputs, random in
          Fire(inputs, squeezed: squeezed, half: half, random: &random)
        }
        network.name("fire\(number + 2)")
        if number == 1 || number == 3 {
          network.pool("features.\(place + 1)", size: 3, stride: 2, roundsUp: true)
        }
      }
    } classifier: { network in
      network.convolve("classifier.1", to: NetworkBuilder.classes, kernelSize: 1)
      network.rectify("classifier.2")
      network.apply("classifier.3", GlobalAveragePooling())
    }
  }
}

/// A squeezing convolution of 1x1, then 1x1 and 3x3 side by side, each with ReLU.
private struct Fire: Layer {
  var squeeze: Conv2D
  var expand1x1: Conv2D
  var expand3x3: Conv2D

  static let fields: [Field<Fire>] = [
    .module("squeeze", \.squeeze), .module("expand1x1", \.expand1x1),
    .module("expand3x3", \.expand3x3),
  ]

  init(_ inputs: Int, squeezed: Int, half: Int, random: inout RandomStream) {
    func convolution(
      _ inputs: Int, _ outputs: Int, kernelSize: Int, _ random: inout RandomStream
    ) -> Conv2D {
      Conv2D(
        inputs, outputs, kernelSize: kernelSize, .init(padding: kernelSize / 2), activation: .relu,
        initializer: .heNormalOfOutputs, random: &random)
    }
    squeeze = convolution(inputs, squeezed, kernelSize: 1, &random)
    expand1x1 = convolution(squeezed, half, kernelSize: 1, &random)
    expand3x3 = convolution(squeezed, half, kernelSize: 3, &random)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let squeezed = squeeze(x, mode: mode)
    return Tensor.concatenate(
      [expand1x1(squeezed, mode: mode), expand3x3(squeezed, mode: mode)], axis: 1)
  }
}
