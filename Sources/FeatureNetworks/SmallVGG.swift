import NeuralNetworks
import Randomness
import TensorEngine

/// A network in the manner of VGG that is small enough to come with the program: eight convolutions of
/// 3x3 with ReLU in four blocks divided by average pooling of 2x2, 0.58 million numbers. The experiment
/// train-features teaches it to see what a network trained on ImageNet sees. Layers are named
/// "relu3_2" for the second of the third block, parameters "conv3_2.weight".
///
/// Differs from VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
/// recognition", 2015): four blocks of two, half the channels and fewer; average pooling, which
/// makes smoother pictures (Gatys, Ecker and Bethge, "Image style transfer using convolutional neural
/// networks", 2016); no classifier.
public struct SmallVGG: SteppedNetwork {
  /// Its layers in order.
  public var steps: NetworkSteps

  /// Channels of each block.
  private static let widths = [32, 64, 128, 128]
  /// Convolutions of each block.
  private static let depth = 2

  /// The network with random weights.
  ///
  /// - Parameter last: the layer to end with; nil for all.
  public init(through last: String? = nil, random: inout RandomStream) {
    steps = NetworkBuilder.steps(
      colours: .imageNet, through: last, classifies: false, random: &random
    ) { network in
      for (block, width) in Self.widths.enumerated() {
        if block > 0 { network.poolEvenly("pool\(block)", size: 2) }
        for layer in 0..<Self.depth {
          let place = "\(block + 1)_\(layer + 1)"
          network.convolve("conv" + place, to: width, kernelSize: 3, .zeros(1))
          network.rectify("relu" + place)
          network.name("relu" + place)
        }
      }
    } classifier: { _ in
    }
  }
}
