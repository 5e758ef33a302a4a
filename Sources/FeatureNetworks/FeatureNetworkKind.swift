import NeuralNetworks
import Randomness

/// The networks that there are.
public enum FeatureNetworkKind: String, CaseIterable, Sendable {
  case vgg16, vgg19

  /// The layers, first to last.
  public var layerNames: [String] {
    var random = RandomStream(seed: 0, name: "layer names")
    return network(random: &random).featureLayers.map(\.name)
  }

  /// The usual layers of content.
  public var contentLayers: [String] { ["relu4_2"] }
  /// The usual layers of style.
  public var styleLayers: [String] { (1...5).map { "relu\($0)_1" } }

  /// The network with random weights.
  public func network(through last: String? = nil, random: inout RandomStream) -> any FeatureNetwork
  {
    switch self {
    case .vgg16: VGG.sixteen(through: last, random: &random)
    case .vgg19: VGG.nineteen(through: last, random: &random)
    }
  }
}
