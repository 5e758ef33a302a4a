import Experiments
import FeatureNetworks
import FileFormats
import NeuralNetworks
import Randomness

/// A network that looks at pictures, and where its weights come from.
public struct FeatureSourceConfiguration: ExperimentConfiguration {
  /// The network.
  public var network = FeatureNetworkKind.small
  /// The file of its weights; empty for those that come with the program, or random ones.
  public var weights = ""

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("network", \.network, "The network whose features are compared."),
      .text(
        "weights", \.weights,
        "The file of its weights (.safetensors, .pth, .npz); empty for those that come with the "
          + "program, or else random ones."),
    ]
  }

  /// The network through the last of some layers.
  ///
  /// - Throws: `FileError` when the file of weights cannot be read or is another network's.
  func load(through layers: [String], in context: RunContext) throws -> FeatureSource {
    let last = network.featureLayers.last { layers.contains($0.name) }?.name
    guard !weights.isEmpty else {
      if let bundled = network.bundledNetwork(through: last) {
        return FeatureSource(network: bundled, sources: [])
      }
      context.note("no file of weights is named for \(network.rawValue); they are random")
      var random = RandomStream(seed: context.seed, name: "features")
      return FeatureSource(
        network: network.network(through: last, random: &random), sources: [])
    }
    let records = try FeatureNetworkKind.records(of: WeightFile(weights))
    let loaded = try network.network(from: records, path: weights, through: last)
    var hash = SHA256()
    for state in loaded.records() { hash.update(state.bytes) }
    return FeatureSource(
      network: loaded, sources: [.init(name: Files.name(of: weights), sha256: hash.hexadecimal)])
  }
}

/// A network with its weights, and what a run records of them.
struct FeatureSource {
  let network: any FeatureNetwork
  /// The file of the weights, where there is one.
  let sources: [ExperimentDescription.Source]
}
