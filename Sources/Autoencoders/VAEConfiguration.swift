import Experiments

/// What can be configured of a variational autoencoder.
public struct VAEConfiguration: ExperimentConfiguration {
  /// The images.
  public var data = ImageDataConfiguration()
  /// Images of one step.
  public var batchSize = 128
  /// The kind of network.
  public var architecture = Architecture.mlp
  /// Units of the encoder's dense layers, first to last; the decoder mirrors them.
  public var hidden = [512, 512]
  /// Channels of the encoder's convolutions, each halving the image; the decoder mirrors them.
  public var channels = [32, 64]
  /// Numbers of a latent point.
  public var latentSize = 2
  /// How the parameters are updated.
  public var optimizer = AdamConfiguration()

  /// The defaults.
  public init() {}

  /// The kinds of network.
  public enum Architecture: String, CaseIterable, Sendable {
    /// Dense layers of `hidden` units.
    case mlp
    /// Convolutions of `channels`, then dense layers of `hidden` units.
    case conv
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .integer("batchSize", \.batchSize, in: 1...65_536, unit: "images", "Images of one step."),
      .choice("architecture", \.architecture, "Dense layers, or convolutions before them."),
      .integers(
        "hidden", \.hidden, in: 1...16_384, count: 0...16, unit: "units",
        "The encoder's dense layers; the decoder mirrors them."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "The encoder's convolutions, each halving the image; the decoder mirrors them."),
      .integer("latentSize", \.latentSize, in: 1...4096, "Numbers of a latent point."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
    ]
  }
}
