import Experiments

/// What can be configured of a deep Q-network agent.
public struct DQNConfiguration: ExperimentConfiguration {
  /// The environment's id in the catalogue.
  public var environment = "CartPole-v1"
  /// Choices of the environment, as `name=value`.
  public var environmentOptions: [String] = []
  /// Copies of the environment that act side by side.
  public var environments = 1
  /// Whether rewards are cut to -1 ... 1 for learning.
  public var clipsRewards = false
  /// Environment steps between two evaluations: what an epoch is.
  public var epochSteps = 5_000
  /// Environment steps before the first update.
  public var learningStarts = 1_000
  /// Environment steps between updates.
  public var trainEvery = 10
  /// Updates after each `trainEvery` steps.
  public var updates = 1
  /// Transitions of one update.
  public var batchSize = 128
  /// What a reward counts for one step later.
  public var discount = 0.99
  /// Environment steps between two moves of the target network.
  public var targetEvery = 500
  /// How far the target network moves towards the other.
  public var targetRate = 1.0
  /// What an error costs.
  public var loss = LossKind.huber
  /// The greatest norm of the gradient; 0 for any.
  public var gradientNorm = 0.0
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()
  /// How likely actions are random.
  public var exploration = Exploration()
  /// What is kept of the past.
  public var replay = ReplayConfiguration()
  /// The network.
  public var network = QNetworkConfiguration()
  /// What is learnt of returns.
  public var target = TargetConfiguration()
  /// How the agent is measured.
  public var evaluation = EvaluationConfiguration()

  /// The defaults.
  public init() {}

  /// What an error costs.
  public enum LossKind: String, CaseIterable, Sendable {
    /// Half its square up to 1, then its size.
    case huber
    /// Its square.
    case mse
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "environment", \.environment, length: 1...100,
        "Where the agent acts; 'atelier env list' names them all."),
      .texts(
        "environmentOptions", \.environmentOptions, count: 0...20,
        "Choices of the environment, name=value."),
      .integer(
        "environments", \.environments, in: 1...1024,
        "Copies of the environment that act side by side."),
      .flag("clipsRewards", \.clipsRewards, "Whether rewards are cut to -1 ... 1 for learning."),
      .integer(
        "epochSteps", \.epochSteps, in: 1...1_000_000_000, unit: "environment steps",
        "What an epoch is: how often the agent is evaluated."),
      .integer(
        "learningStarts", \.learningStarts, in: 0...1_000_000_000, unit: "environment steps",
        "When the first update is made; until then every action is random."),
      .integer(
        "trainEvery", \.trainEvery, in: 1...1_000_000, unit: "environment steps",
        "How often updates are made; a multiple of 'environments'."),
      .integer("updates", \.updates, in: 1...1_000, "Updates made each time."),
      .integer(
        "batchSize", \.batchSize, in: 1...65_536, unit: "transitions", "Transitions of an update."),
      .number("discount", \.discount, in: 0...1, "What a reward counts for one step later."),
      .integer(
        "targetEvery", \.targetEvery, in: 1...1_000_000_000, unit: "environment steps",
        "How often the target network moves towards the other."),
      .number(
        "targetRate", \.targetRate, in: 1e-6...1,
        "How far it moves: 1 makes it a copy, less is a soft update."),
      .choice("loss", \.loss, "What an error costs; distributions have losses of their own."),
      .number(
        "gradientNorm", \.gradientNorm, in: 0...1e6,
        "The greatest norm of the gradient; 0 leaves it as it is."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
      .group("exploration", \.exploration, "How likely actions are random."),
      .group("replay", \.replay, "What is kept of the past, and how it is drawn."),
      .group("network", \.network, "From observations to values."),
      .group("target", \.target, "What is learnt of returns."),
      .group("evaluation", \.evaluation, "How the agent is measured."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if trainEvery % environments != 0 {
      problems.append(.init("trainEvery", "must be a multiple of 'environments', \(environments)"))
    }
    let first = (target.steps + 1) * environments
    if learningStarts < first {
      problems.append(
        .init("learningStarts", "must be at least \(first) for 'target.steps' \(target.steps)"))
    }
    // So that a ring always holds a step whose return is known.
    let least = 2 * (target.steps + 2) * environments
    if replay.capacity < least {
      problems.append(
        .init("replay.capacity", "must be at least \(least) for 'target.steps' \(target.steps)"))
    }
    if target.munchausen, network.distribution != .none {
      problems.append(.init("target.munchausen", "needs 'network.distribution' none"))
    }
    return problems
  }
}

/// What is kept of the past, and how it is drawn.
public struct ReplayConfiguration: ExperimentConfiguration {
  /// Steps that are kept.
  public var capacity = 10_000
  /// Frames of an observation.
  public var frameStack = 1
  /// Whether steps that surprised are drawn more often.
  public var prioritized = false
  /// How much more often.
  public var priorityExponent = 0.6
  /// How much of that is corrected for at first; all in the end.
  public var importance = 0.4
  /// When all is corrected for.
  public var importanceSteps = 100_000

  /// The defaults; those of priorities are the paper's.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integer(
        "capacity", \.capacity, in: 16...100_000_000, unit: "steps",
        "The newest steps that are kept; the end of an episode takes the room of one."),
      .integer(
        "frameStack", \.frameStack, in: 1...64, unit: "frames",
        "The newest frames that make an observation."),
      .flag(
        "prioritized", \.prioritized,
        "Whether steps with great errors are drawn more often (Schaul et al. 2016)."),
      .number(
        "priorityExponent", \.priorityExponent, in: 0...1,
        "How much errors matter: 0 is not at all, 1 in proportion."),
      .number(
        "importance", \.importance, in: 0...1,
        "How much of the uneven draws is corrected for at first."),
      .integer(
        "importanceSteps", \.importanceSteps, in: 1...1_000_000_000, unit: "environment steps",
        "When all of it is corrected for."),
    ]
  }
}

/// The network from observations to values.
public struct QNetworkConfiguration: ExperimentConfiguration {
  /// What the network says of a return.
  public enum Distribution: String, CaseIterable, Sendable {
    /// Its mean.
    case none
    /// How likely it is to be each of some numbers.
    case categorical
    /// Its quantiles.
    case quantile
  }

  /// Channels of 3x3 convolutions before the dense layers.
  public var channels: [Int] = []
  /// Units of the dense layers.
  public var hidden = [120, 84]
  /// Whether the value of a state and the advantages of actions are apart.
  public var dueling = false
  /// Whether noise in the layers replaces random actions.
  public var noisy = false
  /// What the network says of a return.
  public var distribution = Distribution.none
  /// Numbers, or quantiles, of a distribution.
  public var atoms = 51
  /// The least number of a categorical distribution.
  public var least = -10.0
  /// The greatest number of a categorical distribution.
  public var greatest = 10.0

  /// The defaults; those of distributions are the papers'.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integers(
        "channels", \.channels, in: 1...4096, count: 0...8, unit: "channels",
        "Convolutions of 3x3 before the dense layers, for observations that are pictures."),
      .integers(
        "hidden", \.hidden, in: 1...16_384, count: 1...16, unit: "units", "The dense layers."),
      .flag(
        "dueling", \.dueling,
        "Whether values of states and advantages of actions are apart (Wang et al. 2016)."),
      .flag(
        "noisy", \.noisy,
        "Whether noise in the layers replaces random actions (Fortunato et al. 2018)."),
      .choice(
        "distribution", \.distribution,
        "What is learnt of returns: means, categories (C51) or quantiles (QR-DQN)."),
      .integer("atoms", \.atoms, in: 2...1024, "Categories, or quantiles."),
      .number("least", \.least, in: -1e6...1e6, "The return of the first category."),
      .number("greatest", \.greatest, in: -1e6...1e6, "The return of the last category."),
    ]
  }

  /// Categories span a range.
  public var problems: [ConfigurationProblem] {
    least < greatest ? [] : [.init("greatest", "must be above 'least', \(least)")]
  }
}

/// What is learnt of returns.
public struct TargetConfiguration: ExperimentConfiguration {
  /// Whether one network chooses the next action and the other values it.
  public var double = false
  /// How many steps are paid before the rest is estimated.
  public var steps = 1
  /// Whether the likelihood of one's own action is a part of the reward.
  public var munchausen = false
  /// How much of it.
  public var munchausenShare = 0.9
  /// The temperature of the policy behind it.
  public var temperature = 0.03
  /// The least that the likelihood is taken for.
  public var leastLikelihood = -1.0

  /// The defaults; those of Munchausen are the paper's.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .flag(
        "double", \.double,
        "Whether one network chooses the next action and the other values it (van Hasselt et al. "
          + "2016)."),
      .integer(
        "steps", \.steps, in: 1...100, unit: "environment steps",
        "How many steps are paid before the rest of the return is estimated."),
      .flag(
        "munchausen", \.munchausen,
        "Whether the likelihood of the action taken adds to its reward (Vieillard et al. 2020)."),
      .number(
        "munchausenShare", \.munchausenShare, in: 0...1, "How much of the likelihood is added."),
      .number(
        "temperature", \.temperature, in: 1e-6...1e3,
        "How far from greedy the policy behind the likelihood is."),
      .number(
        "leastLikelihood", \.leastLikelihood, in: -1e3...0, unit: "nats",
        "Below which the likelihood, times the temperature, is not followed."),
    ]
  }
}

/// How the agent is measured, apart from training.
public struct EvaluationConfiguration: ExperimentConfiguration {
  /// Episodes of an evaluation.
  public var episodes = 20
  /// Steps after which an episode is given up.
  public var stepLimit = 10_000
  /// How likely an action is random.
  public var epsilon = 0.0

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integer(
        "episodes", \.episodes, in: 1...10_000, unit: "episodes", "Episodes of an evaluation."),
      .integer(
        "stepLimit", \.stepLimit, in: 1...10_000_000, unit: "environment steps",
        "When an episode is given up."),
      .number("epsilon", \.epsilon, in: 0...1, "How likely an action is random."),
    ]
  }
}
