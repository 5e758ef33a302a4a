import Experiments

/// The layers of one of the networks.
public struct NetworkConfiguration: ExperimentConfiguration {
  /// The kind of network.
  public var architecture = Architecture.conv
  /// Units of dense layers.
  public var hidden = [256, 256]
  /// Channels, from the image inwards.
  public var channels = [64, 128]

  /// The defaults.
  public init() {}

  /// The kinds of network.
  public enum Architecture: String, CaseIterable, Sendable {
    /// Dense layers.
    case mlp
    /// DCGAN's convolutions.
    case conv
    /// Residual blocks.
    case residual
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("architecture", \.architecture, "Dense layers, convolutions or residual blocks."),
      .integers(
        "hidden", \.hidden, in: 1...16_384, count: 1...16, unit: "units", "Dense layers of an mlp."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "Convolutions, from the image inwards, each halving it."),
    ]
  }
}

/// The layers of the discriminator.
public struct DiscriminatorConfiguration: ExperimentConfiguration {
  /// The kind of network and its sizes.
  public var layers = NetworkConfiguration()
  /// Whether DCGAN's convolutions normalise batches.
  public var batchNorm = true
  /// Whether weights are divided by their greatest singular value.
  public var spectralNorm = false
  /// How likely a feature is dropped in training.
  public var dropout = 0.0

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("layers", \.layers),
      .flag("batchNorm", \.batchNorm, "Whether DCGAN's convolutions normalise batches."),
      .flag(
        "spectralNorm", \.spectralNorm,
        "Whether weights are divided by their greatest singular value (Miyato et al. 2018)."),
      .number("dropout", \.dropout, in: 0...0.95, "How likely a feature is dropped in training."),
    ]
  }
}
