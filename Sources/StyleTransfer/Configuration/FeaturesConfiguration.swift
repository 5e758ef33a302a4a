import Experiments
import FeatureNetworks
import Randomness

/// How pictures are looked at: the network, its weights and its layers.
public struct FeaturesConfiguration: ExperimentConfiguration {
  /// The network and its weights.
  public var source = FeatureSourceConfiguration()
  /// The layers that tell the content; empty for the network's usual ones.
  public var contentLayers: [String] = []
  /// The layers that tell the style; empty for the network's usual ones.
  public var styleLayers: [String] = []
  /// The share of each of `styleLayers`; empty for equal shares.
  public var styleLayerShares: [Double] = []
  /// Whether activations are evened out, which networks other than VGG need.
  public var isSmoothed = false

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("source", \.source),
      .texts(
        "contentLayers", \.contentLayers, length: 1...64, count: 0...16,
        "The layers that tell the content; none for the network's usual ones."),
      .texts(
        "styleLayers", \.styleLayers, length: 1...64, count: 0...16,
        "The layers that tell the style; none for the network's usual ones."),
      .numbers(
        "styleLayerShares", \.styleLayerShares, in: 0...1e6, count: 0...16,
        "The share of each style layer; none for equal shares."),
      .flag(
        "isSmoothed", \.isSmoothed,
        "Whether activations are evened out (Wang et al. 2021), for networks with residuals."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    let network = source.network
    let names = network.featureLayers.map(\.name)
    var problems: [ConfigurationProblem] = []
    for (key, layers) in [("contentLayers", contentLayers), ("styleLayers", styleLayers)] {
      if let unknown = layers.first(where: { !names.contains($0) }) {
        problems.append(
          .init(
            key, "names '\(unknown)', which \(network.rawValue) has not",
            help: "its layers are \(names.joined(separator: ", "))"))
      } else if Set(layers).count < layers.count {
        problems.append(.init(key, "names a layer twice"))
      }
    }
    let count = styleLayers.isEmpty ? network.styleLayers.count : styleLayers.count
    if !styleLayerShares.isEmpty {
      if styleLayerShares.count != count {
        problems.append(
          .init(
            "styleLayerShares", "has \(styleLayerShares.count) shares for \(count) style layers"))
      } else if styleLayerShares.reduce(0, +) <= 0 {
        problems.append(.init("styleLayerShares", "has no share above 0"))
      }
    }
    return problems
  }

  /// The layers that tell the content.
  var chosenContentLayers: [String] {
    contentLayers.isEmpty ? source.network.contentLayers : contentLayers
  }

  /// The layers that tell the style.
  var chosenStyleLayers: [String] { styleLayers.isEmpty ? source.network.styleLayers : styleLayers }

  /// The share of each style layer, which add up to 1.
  var chosenShares: [Double] {
    let given =
      styleLayerShares.isEmpty ? chosenStyleLayers.map { _ in 1 } : styleLayerShares
    let sum = given.reduce(0, +)
    return given.map { $0 / sum }
  }
}

extension FeaturesConfiguration {
  /// The network through the last layer that is asked for.
  ///
  /// - Throws: `FileError` when the file of weights cannot be read or is another network's.
  func load(in context: RunContext) throws -> FeatureSource {
    try source.load(through: chosenContentLayers + chosenStyleLayers, in: context)
  }
}
