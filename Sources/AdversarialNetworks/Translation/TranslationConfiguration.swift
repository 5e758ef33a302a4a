import Experiments

/// What can be configured of networks that turn the images of one side into those of another.
public struct TranslationConfiguration: ExperimentConfiguration {
  /// The algorithm.
  public var method = TranslationMethod.pix2pix
  /// The images.
  public var data = ImageDataConfiguration()
  /// What the two sides are.
  public var sides = SideKind.edges
  /// Images of each side in one step.
  public var batchSize = 1
  /// What the networks are trained for.
  public var objective = PatchObjective.nonSaturating
  /// What the distance to the target counts for, with pix2pix.
  public var targetWeight = 100.0
  /// What the way there and back counts for, with cycle.
  public var cycleWeight = 10.0
  /// What leaving images of its own side as they are counts for, with cycle.
  public var identityWeight = 5.0
  /// Made images that are kept to be shown to the discriminators later, with cycle.
  public var pool = 50
  /// The layers of each generator.
  public var generator = TranslatorConfiguration()
  /// The layers of each discriminator.
  public var discriminator = PatchConfiguration()
  /// How the generators' parameters are updated.
  public var generatorOptimizer = OptimizerConfiguration.deepConvolutional
  /// How the discriminators' parameters are updated.
  public var discriminatorOptimizer = OptimizerConfiguration.deepConvolutional

  /// The defaults: those of pix2pix.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("method", \.method, "From pairs of images, or from two sides without pairs."),
      .included("data", \.data),
      .choice(
        "sides", \.sides, "The images' edges (A) and the images (B), or two folders of a folder."),
      .integer(
        "batchSize", \.batchSize, in: 1...4096, unit: "images", "Images of each side in one step."),
      .choice("objective", \.objective, "What the networks are trained for."),
      .number(
        "targetWeight", \.targetWeight, in: 0...1e6,
        "What the distance to the target counts for, with pix2pix."),
      .number(
        "cycleWeight", \.cycleWeight, in: 0...1e6,
        "What the distance after the way there and back counts for, with cycle."),
      .number(
        "identityWeight", \.identityWeight, in: 0...1e6,
        "What changing an image that is there already counts for, with cycle; 0 is nothing."),
      .integer(
        "pool", \.pool, in: 0...10_000, unit: "images",
        "Made images of a side kept for its discriminator, with cycle; 0 shows it the newest."),
      .group("generator", \.generator, "The layers of each generator."),
      .group("discriminator", \.discriminator, "The layers of each discriminator."),
      .group(
        "generatorOptimizer", \.generatorOptimizer,
        "How the generators' parameters are updated."),
      .group(
        "discriminatorOptimizer", \.discriminatorOptimizer,
        "How the discriminators' parameters are updated."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    guard sides == .folders, !data.dataset.hasPrefix(ImageSides.folderPrefix) else { return [] }
    return [
      .init(
        "sides", "must be edges for the data set \(data.dataset)",
        help: "folders needs dataset: folder:PATH, with a folder for each side in it")
    ]
  }
}

/// The algorithms of translation.
public enum TranslationMethod: String, CaseIterable, Sendable {
  /// From pairs (Isola et al. 2017).
  case pix2pix
  /// From two sides without pairs: CycleGAN (Zhu et al. 2017).
  case cycle
}

/// What the networks can be trained for: the objectives that need no bound on a slope.
public enum PatchObjective: String, CaseIterable, Sendable {
  /// Goodfellow et al. 2014.
  case nonSaturating
  /// Mao et al. 2017.
  case leastSquares
  /// Lim and Ye 2017.
  case hinge
  /// Jolicoeur-Martineau 2019.
  case relativistic

  /// The objective.
  var objective: any Objective {
    switch self {
    case .nonSaturating: NonSaturating()
    case .leastSquares: LeastSquares()
    case .hinge: Hinge()
    case .relativistic: RelativisticAverage()
    }
  }
}

/// What the two sides are.
public enum SideKind: String, CaseIterable, Sendable {
  /// A is the edges of the images of a data set, B the images.
  case edges
  /// The two folders in a folder; A is the first by name.
  case folders
}

/// The layers of a generator.
public struct TranslatorConfiguration: ExperimentConfiguration {
  /// The kind of network.
  public var architecture = Architecture.unet
  /// Channels, from the image inwards.
  public var channels = [64, 128, 256, 512]
  /// Residual blocks in the middle of a residual network.
  public var blocks = 6
  /// How likely a feature of a U-Net's inner stages is dropped in training.
  public var dropout = 0.5

  /// The defaults.
  public init() {}

  /// The kinds of network.
  public enum Architecture: String, CaseIterable, Sendable {
    /// An encoder and a decoder, each stage of which also sees the encoder's (pix2pix's).
    case unet
    /// Residual blocks on a smaller image (CycleGAN's).
    case residual
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("architecture", \.architecture, "A U-Net, or residual blocks on a smaller image."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "Convolutions, from the image inwards, each halving it; a residual network's first does not."
      ),
      .integer(
        "blocks", \.blocks, in: 0...64, "Residual blocks in the middle of a residual network."),
      .number(
        "dropout", \.dropout, in: 0...0.95,
        "How likely a feature of a U-Net's three inner stages is dropped in training."),
    ]
  }
}

/// The layers of a discriminator of patches.
public struct PatchConfiguration: ExperimentConfiguration {
  /// Channels, from the image inwards.
  public var channels = [64, 128, 256]

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "Convolutions, from the image inwards, each but the last halving it.")
    ]
  }
}
