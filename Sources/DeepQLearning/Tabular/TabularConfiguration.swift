import Experiments

/// What can be configured of an agent that keeps a table.
public struct TabularConfiguration: ExperimentConfiguration {
  /// What the next state is taken to be worth.
  public enum Algorithm: String, CaseIterable, Sendable {
    /// Its best action.
    case qLearning = "q-learning"
    /// The action that is taken there.
    case sarsa
    /// The mean over the actions that may be taken there.
    case expectedSarsa = "expected-sarsa"
  }

  /// The environment's id in the catalogue.
  public var environment = "FrozenLake-v1"
  /// Choices of the environment, as `name=value`.
  public var environmentOptions: [String] = []
  /// What the next state is taken to be worth.
  public var algorithm = Algorithm.qLearning
  /// Environment steps between two evaluations: what an epoch is.
  public var epochSteps = 50_000
  /// What a reward counts for one step later.
  public var discount = 0.99
  /// How far a value moves towards what was found, the first time.
  public var learningRate = 0.5
  /// How fast that falls with the visits: to a share 1 / visits^decay.
  public var decay = 0.0
  /// What values begin with.
  public var initialValue = 0.0
  /// How likely actions are random.
  public var exploration = Exploration()
  /// How the agent is measured.
  public var evaluation = EvaluationConfiguration()

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "environment", \.environment, length: 1...100,
        "Where the agent acts: an environment of numbered states."),
      .texts(
        "environmentOptions", \.environmentOptions, count: 0...20,
        "Choices of the environment, name=value."),
      .choice("algorithm", \.algorithm, "What the next state is taken to be worth."),
      .integer(
        "epochSteps", \.epochSteps, in: 1...1_000_000_000, unit: "environment steps",
        "What an epoch is: how often the agent is evaluated."),
      .number("discount", \.discount, in: 0...1, "What a reward counts for one step later."),
      .number(
        "learningRate", \.learningRate, in: 1e-6...1,
        "How far a value moves towards what was found, the first time."),
      .number(
        "decay", \.decay, in: 0...1,
        "The power of the number of visits of a state and action that divides the learning rate."),
      .number("initialValue", \.initialValue, in: -1e6...1e6, "What values begin with."),
      .group("exploration", \.exploration, "How likely actions are random."),
      .group("evaluation", \.evaluation, "How the agent is measured."),
    ]
  }
}
