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
  /// What is told beside a latent point.
  public var codes = CodesConfiguration()
  /// Where the equilibrium objective is held.
  public var equilibrium = EquilibriumConfiguration()
  /// How the discriminator's targets and samples are made harder.
  public var softening = SofteningConfiguration()
  /// What is done to samples before the discriminator sees them.
  public var augmentation = AugmentationConfiguration()
  /// The share of a batch with the best scores that the generator learns from.
  public var topShare = 1.0
  /// The share of the generator's moving average that stays at each of its steps; 0 for none.
  public var averageDecay = 0.0
  /// Batches whose gradients make one update.
  public var gatheredBatches = 1
  /// Updates of the discriminator that the generator looks ahead.
  public var unrolledSteps = 0
  /// When samples are called collapsed.
  public var collapse = CollapseConfiguration()
  /// The generator's layers.
  public var generator = NetworkConfiguration()
  /// The discriminator's layers.
  public var discriminator = DiscriminatorConfiguration()
  /// How the generator's parameters are updated.
  public var generatorOptimizer = OptimizerConfiguration.deepConvolutional
  /// How the discriminator's parameters are updated.
  public var discriminatorOptimizer = OptimizerConfiguration.deepConvolutional

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
      .group("codes", \.codes, "What is told beside a latent point."),
      .group("equilibrium", \.equilibrium, "Where the equilibrium objective is held."),
      .group("softening", \.softening, "How the discriminator's task is made harder."),
      .group(
        "augmentation", \.augmentation,
        "What is done to samples before the discriminator sees them."),
      .number(
        "topShare", \.topShare, in: 0.01...1,
        "The share of a batch, by score, that the generator learns from all through training."),
      .number(
        "averageDecay", \.averageDecay, in: 0...0.999_999,
        "The share of the generator's moving average that stays; 0 keeps none."),
      .integer(
        "gatheredBatches", \.gatheredBatches, in: 1...1000,
        "Batches whose gradients make one update."),
      .integer(
        "unrolledSteps", \.unrolledSteps, in: 0...20,
        "Updates of the discriminator that the generator looks ahead (Metz et al. 2017)."),
      .group("collapse", \.collapse, "When samples are called collapsed."),
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
      if !augmentation.isNone {
        problems.append(.init("augmentation", "must be left out for points"))
      }
    }
    if softening.softensTargets, !objective(self).hasTargets {
      problems.append(
        .init(
          "softening", "needs an objective with targets, which \(objective.rawValue) has not",
          help: "choose nonSaturating, leastSquares or relativistic"))
    }
    if samples != .images, batchSize * gatheredBatches > PointMixture.pointsPerEpoch {
      problems.append(
        .init(
          "batchSize",
          "must be, with gatheredBatches, at most \(PointMixture.pointsPerEpoch) for points"))
    }
    if penalty != .none, discriminator.layers.architecture == .conv, discriminator.batchNorm {
      problems.append(
        .init(
          "discriminator.batchNorm", "must be false with a penalty",
          help: "the slope at one sample must not depend on the others"))
    }
    if topShare < 1, objective(self).comparesWithReal {
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

extension OptimizerConfiguration {
  /// DCGAN's (Radford et al. 2016).
  static var deepConvolutional: OptimizerConfiguration {
    var configuration = OptimizerConfiguration()
    configuration.learningRate = 2e-4
    configuration.beta1 = 0.5
    return configuration
  }
}
