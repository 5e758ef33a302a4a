import Experiments
import FeatureNetworks
import FileFormats
import NeuralNetworks
import Randomness

/// Which network tells what is to be seen in a picture, and where its weights lie.
public struct FeatureSource: ExperimentConfiguration {
  /// The network.
  public var network = Network.vgg16
  /// A safetensors file with its weights, named as torchvision names them; empty for random ones.
  public var weights = ""

  /// The defaults.
  public init() {}

  /// The networks.
  public enum Network: String, CaseIterable, Sendable {
    /// VGG-16 (Simonyan and Zisserman 2015).
    case vgg16
    /// VGG-19.
    case vgg19
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("network", \.network, "The network whose features pictures are compared by."),
      .text(
        "weights", \.weights,
        "A safetensors file of its weights, named as in torchvision; empty draws them by the seed."
      ),
    ]
  }

  /// The network through the last of some layers, with its weights.
  ///
  /// - Throws: `.unsuitable` when there is no such layer, and `FileError` when the weights cannot be
  ///   read or are another network's.
  func load(
    layers: [String], in context: RunContext
  ) throws -> (network: any FeatureNetwork, sources: [ExperimentDescription.Source]) {
    var random = RandomStream(seed: context.seed, name: "features")
    let known = make(through: nil, &random).featureLayers.map(\.name)
    if let unknown = layers.first(where: { !known.contains($0) }) {
      throw RunError(
        .unsuitable, "\(network.rawValue) has no layer '\(unknown)'",
        hint: "it has \(known.joined(separator: ", "))")
    }
    let last = known.last { layers.contains($0) }
    random = RandomStream(seed: context.seed, name: "features")
    var loaded: any FeatureNetwork = make(through: last, &random)
    guard !weights.isEmpty else {
      context.note(
        "\(network.rawValue) has random weights; features.weights names a file of trained ones")
      return (loaded, [])
    }
    let bytes = try Files.read(weights)
    do {
      try loaded.load(SafeTensors.decode(bytes, path: weights).records)
    } catch let error as WeightError {
      throw FileError(.unsupported, path: weights, "\(error), as \(network.rawValue) has it")
    }
    return (
      loaded, [.init(name: Files.name(of: weights), sha256: SHA256.hexadecimal(of: bytes))]
    )
  }

  private func make(through last: String?, _ random: inout RandomStream) -> any FeatureNetwork {
    switch network {
    case .vgg16: VGG.sixteen(through: last, random: &random)
    case .vgg19: VGG.nineteen(through: last, random: &random)
    }
  }
}
