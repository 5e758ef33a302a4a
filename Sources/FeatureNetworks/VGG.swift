import NeuralNetworks
import Randomness
import TensorEngine

/// The convolutions of VGG-16 and VGG-19 (Simonyan and Zisserman, "Very deep convolutional networks
/// for large-scale image recognition", 2015): all 3x3 with ReLU, in five blocks divided by
/// max-pooling of 2x2. Layers are named "relu4_2" for the second of the fourth block; parameters are
/// named as torchvision's are.
///
/// Differs from the paper: without the dense layers, which features need not.
public struct VGG: FeatureNetwork {
  /// Convolutions, ReLUs and poolings in a row, as in torchvision's `features`.
  public var features: [AnyLayer]
  /// The ReLUs.
  public let featureLayers: [FeatureLayer]
  /// The place in `features` of each of `featureLayers`.
  private let places: [Int]

  /// The parameters.
  public static let fields: [Field<VGG>] = [.module("features", \.features)]

  /// VGG-16 with random weights.
  ///
  /// - Parameter last: the layer to end with; nil for all.
  public static func sixteen(through last: String? = nil, random: inout RandomStream) -> VGG {
    VGG([2, 2, 3, 3, 3], through: last, random: &random)
  }

  /// VGG-19 with random weights.
  ///
  /// - Parameter last: the layer to end with; nil for all.
  public static func nineteen(through last: String? = nil, random: inout RandomStream) -> VGG {
    VGG([2, 2, 4, 4, 4], through: last, random: &random)
  }

  /// - Parameter depths: the convolutions of each block.
  private init(_ depths: [Int], through last: String?, random: inout RandomStream) {
    let widths = [64, 128, 256, 512, 512]
    var features: [AnyLayer] = []
    var layers: [FeatureLayer] = []
    var places: [Int] = []
    var (inputs, stride, reach) = (3, 1, 0)
    building: for (block, (depth, width)) in zip(depths, widths).enumerated() {
      for layer in 0..<depth {
        features.append(
          AnyLayer(
            Conv2D(
              inputs, width, kernelSize: 3, .init(padding: 1), initializer: .heNormalOfOutputs,
              random: &random)))
        features.append(AnyLayer(Activation.relu))
        inputs = width
        reach += stride
        let name = "relu\(block + 1)_\(layer + 1)"
        layers.append(FeatureLayer(name: name, channels: width, stride: stride, reach: reach))
        places.append(features.count - 1)
        if name == last { break building }
      }
      features.append(AnyLayer(MaxPooling2D(2)))
      reach += stride
      stride *= 2
    }
    precondition(last == nil || layers.last?.name == last, "VGG has no layer '\(last ?? "")'")
    (self.features, featureLayers, self.places) = (features, layers, places)
  }

  /// What images look like at some layers.
  public func features(of images: Tensor, at layers: [String]) -> [Tensor] {
    let graph = images.graph
    let wanted = zip(featureLayers, places).filter { layers.contains($0.0.name) }
    var found: [String: Tensor] = [:]
    var x = ImageNet.normalized(images)
    var next = 0
    for (layer, place) in wanted {
      for index in next...place {
        x = graph.layer("\(index)", kind: features[index].kind) {
          features[index](x, mode: .inference)
        }
      }
      found[layer.name] = x
      next = place + 1
    }
    return layers.map { name in
      guard let features = found[name] else { preconditionFailure("VGG has no layer '\(name)'") }
      return features
    }
  }
}
