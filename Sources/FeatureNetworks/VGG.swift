import NeuralNetworks
import Randomness
import TensorEngine

/// VGG-16 and VGG-19 (Simonyan and Zisserman, "Very deep convolutional networks for large-scale
/// image recognition", 2015): convolutions of 3x3 with ReLU in five blocks divided by max-pooling of
/// 2x2, then, for a classifier, three dense layers. Layers are named "relu4_2" for the second of the
/// fourth block; parameters are named as torchvision's are.
///
/// The first ReLU of each block is good for style, relu4_2 for content (Gatys, Ecker and Bethge,
/// "Image style transfer using convolutional neural networks", 2016).
///
/// Differs from the paper: images of any size are classified, by means of 7x7 windows, as
/// torchvision does; without dropout, which is training's.
public struct VGG: SteppedNetwork {
  /// Its layers in order.
  public var steps: NetworkSteps

  /// VGG-16 with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether the dense layers belong to it, 124 million numbers.
  public static func sixteen(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) -> VGG {
    VGG([2, 2, 3, 3, 3], through: last, classifies, &random)
  }

  /// VGG-19 with random weights.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all.
  ///   - classifies: whether the dense layers belong to it, 124 million numbers.
  public static func nineteen(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) -> VGG {
    VGG([2, 2, 4, 4, 4], through: last, classifies, &random)
  }

  /// - Parameter depths: the convolutions of each block.
  private init(
    _ depths: [Int], through last: String?, _ classifies: Bool, _ random: inout RandomStream
  ) {
    let widths = [64, 128, 256, 512, 512]
    steps = NetworkBuilder.steps(
      colours: .imageNet, through: last, classifies: classifies, random: &random
    ) { network in
      var place = 0
      func path() -> String {
        defer { place += 1 }
        return "features.\(place)"
      }
      for (block, (depth, width)) in zip(depths, widths).enumerated() {
        for layer in 0..<depth {
          network.convolve(path(), to: width, kernelSize: 3, .zeros(1))
          network.rectify(path())
          network.name("relu\(block + 1)_\(layer + 1)")
        }
        network.pool(path(), size: 2, stride: 2)
      }
    } classifier: { network in
      network.apply("avgpool", AdaptiveAveragePooling(side: 7))
      network.apply("flatten", Flatten())
      network.connect("classifier.0", from: 512 * 49, to: 4096)
      network.rectify("classifier.1")
      network.connect("classifier.3", from: 4096, to: 4096)
      network.rectify("classifier.4")
      network.connect("classifier.6", from: 4096, to: NetworkBuilder.classes)
    }
  }
}
