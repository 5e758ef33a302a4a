import Experiments

/// What can be configured of two networks that are trained against each other.
public struct GANConfiguration: ExperimentConfiguration {
  /// What is to be made.
  public var samples = SampleKind.images
  /// The images.
  public var data = ImageDataConfiguration()
  /// Samples of one step.
  public var batchSize = 64
  /// Numbers of a latent point.
  public var latentSize = 64
  /// What the networks are trained for.
  public var objective = ObjectiveName.nonSaturating
  /// Where the discriminator's slope is held.
  public var penalty = SlopePenalty.none
  /// What the penalty counts for.
  public var penaltyWeight = 10.0
  /// The discriminator's numbers are kept from its negative to itself; 0 for anywhere.
  public var weightBound = 0.0
  /// Steps of the discriminator for each of the generator's.
  public var discriminatorSteps = 1
  /// How samples are bound to their classes.
  public var condition = ConditionKind.none
  /// How the discriminator's targets and samples are made harder.
  public var softening = SofteningConfiguration()
  /// The share of a batch with the best scores that the generator learns from.
  public var topShare = 1.0
  /// The share of the generator's moving average that stays at each of its steps; 0 for none.
  public var averageDecay = 0.0
  /// The generator's layers.
  public var generator = NetworkConfiguration()
  /// The discriminator's layers.
  public var discriminator = DiscriminatorConfiguration()
  /// How the generator's parameters are updated.
  public var generatorOptimizer = AdamConfiguration.deepConvolutional
  /// How the discriminator's parameters are updated.
  public var discriminatorOptimizer = AdamConfiguration.deepConvolutional

  /// The defaults: DCGAN's.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("samples", \.samples, "Images, or points of a mixture of Gaussians."),
      .included("data", \.data),
      .integer("batchSize", \.batchSize, in: 2...65_536, unit: "samples", "Samples of one step."),
      .integer("latentSize", \.latentSize, in: 1...4096, "Numbers of a latent point."),
      .choice("objective", \.objective, "What the networks are trained for."),
      .choice("penalty", \.penalty, "Where the discriminator's slope is held."),
      .number("penaltyWeight", \.penaltyWeight, in: 0...1e6, "What the penalty counts for."),
      .number(
        "weightBound", \.weightBound, in: 0...1e6,
        "The discriminator's numbers are kept within it; 0 leaves them free."),
      .integer(
        "discriminatorSteps", \.discriminatorSteps, in: 1...1000,
        "Steps of the discriminator for each of the generator's."),
      .choice("condition", \.condition, "How samples are bound to their classes."),
      .group("softening", \.softening, "How the discriminator's task is made harder."),
      .number(
        "topShare", \.topShare, in: 0.01...1,
        "The share of a batch, by score, that the generator learns from all through training."),
      .number(
        "averageDecay", \.averageDecay, in: 0...0.999_999,
        "The share of the generator's moving average that stays; 0 keeps none."),
      .group("generator", \.generator, "The generator's layers."),
      .group("discriminator", \.discriminator, "The discriminator's layers."),
      .group(
        "generatorOptimizer", \.generatorOptimizer, "How the generator's parameters are updated."),
      .group(
        "discriminatorOptimizer", \.discriminatorOptimizer,
        "How the discriminator's parameters are updated."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if samples != .images {
      for (name, network) in [("generator", generator), ("discriminator", discriminator.layers)]
      where network.architecture != .mlp {
        problems.append(.init("\(name).architecture", "must be mlp for points"))
      }
      if condition != .none { problems.append(.init("condition", "must be none for points")) }
    }
    if softening.softensTargets, !objective.objective.hasTargets {
      problems.append(
        .init(
          "softening", "needs an objective with targets, which \(objective.rawValue) has not",
          help: "choose nonSaturating, leastSquares or relativistic"))
    }
    if samples != .images, batchSize > PointMixture.pointsPerEpoch {
      problems.append(
        .init("batchSize", "must be at most \(PointMixture.pointsPerEpoch) for points"))
    }
    if penalty != .none, discriminator.layers.architecture == .conv, discriminator.batchNorm {
      problems.append(
        .init(
          "discriminator.batchNorm", "must be false with a penalty",
          help: "the slope at one sample must not depend on the others"))
    }
    if topShare < 1, objective.objective.comparesWithReal {
      problems.append(.init("topShare", "must be 1 for an objective that compares batches"))
    }
    return problems
  }
}

/// What is to be made.
public enum SampleKind: String, CaseIterable, Sendable {
  /// Images of a data set.
  case images
  /// Eight Gaussians on a circle.
  case ring
  /// Twenty-five Gaussians on a square.
  case grid
}

/// How samples are bound to their classes.
public enum ConditionKind: String, CaseIterable, Sendable {
  /// Not at all.
  case none
  /// Both networks are told the class (Mirza and Osindero 2014).
  case concatenation
  /// The class is multiplied with the discriminator's features (Miyato and Koyama 2018).
  case projection
  /// The discriminator tells the class itself, AC-GAN (Odena, Olah and Shlens 2017).
  case auxiliary
}

/// How the discriminator's task is made harder.
public struct SofteningConfiguration: ExperimentConfiguration {
  /// What real samples' target lacks of 1.
  public var smoothing = 0.0
  /// Even noise taken from both targets, as the notes' Keras recipe does. Targets below 0 leave the
  /// loss without a lower bound.
  public var labelNoise = 0.0
  /// The deviation of noise added to what the discriminator sees.
  public var instanceNoise = 0.0

  /// None of it.
  public init() {}

  var softensTargets: Bool { smoothing > 0 || labelNoise > 0 }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "smoothing", \.smoothing, in: 0...0.5,
        "What the target of real samples lacks of 1 (Salimans et al. 2016)."),
      .number(
        "labelNoise", \.labelNoise, in: 0...0.5, "Even noise, 0 to this, taken from all targets."),
      .number(
        "instanceNoise", \.instanceNoise, in: 0...10,
        "The deviation of noise on what the discriminator sees (Sonderby et al. 2017)."),
    ]
  }
}

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

extension AdamConfiguration {
  /// DCGAN's (Radford et al. 2016).
  static var deepConvolutional: AdamConfiguration {
    var configuration = AdamConfiguration()
    configuration.learningRate = 2e-4
    configuration.beta1 = 0.5
    return configuration
  }
}
