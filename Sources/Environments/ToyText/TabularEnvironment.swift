/// An environment of numbered states whose probabilities are known, so that it can be planned for
/// exactly.
public protocol TabularEnvironment: Environment where Observation == Int, Action == Int {
  /// What every action does in every state, and where an episode begins.
  var table: TransitionTable { get }
}

extension TabularEnvironment {
  /// How many states there are.
  public var stateCount: Int { table.stateCount }
  /// How many actions there are.
  public var actionCount: Int { table.actionCount }
  /// What an action does in a state: the outcomes, of which one happens.
  public func transitions(from state: Int, by action: Int) -> ArraySlice<Transition> {
    table.transitions(from: state, by: action)
  }
  /// How likely an episode begins in each state.
  public var startProbabilities: [Double] { table.startProbabilities }
}

/// One outcome of an action in a state.
public struct Transition: Sendable, Hashable {
  /// How likely it is.
  public let probability: Double
  /// The state it leads to.
  public let state: Int
  /// What it pays.
  public let reward: Double
  /// Whether the task ends with it.
  public let terminated: Bool

  /// An outcome of its parts.
  public init(probability: Double, state: Int, reward: Double, terminated: Bool) {
    self.probability = probability
    self.state = state
    self.reward = reward
    self.terminated = terminated
  }
}

/// What every action does in every state of a tabular environment, and where an episode begins.
public struct TransitionTable: Sendable, Hashable {
  /// How many states there are.
  public let stateCount: Int
  /// How many actions there are.
  public let actionCount: Int
  /// How likely an episode begins in each state.
  public let startProbabilities: [Double]
  private let outcomes: [Transition]
  /// Where the outcomes of a state and an action begin; one more at the end.
  private let starts: [Int]

  /// A table of what `transitions` gives for each state and action, at least one outcome for each.
  public init(
    actionCount: Int, startProbabilities: [Double],
    transitions: (_ state: Int, _ action: Int) -> [Transition]
  ) {
    stateCount = startProbabilities.count
    self.actionCount = actionCount
    self.startProbabilities = startProbabilities
    var outcomes: [Transition] = []
    var starts = [0]
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        outcomes += transitions(state, action)
        starts.append(outcomes.count)
      }
    }
    self.outcomes = outcomes
    self.starts = starts
  }

  /// What an action does in a state: the outcomes, of which one happens.
  public func transitions(from state: Int, by action: Int) -> ArraySlice<Transition> {
    let pair = state * actionCount + action
    return outcomes[starts[pair]..<starts[pair + 1]]
  }

  /// Draws an outcome as Gymnasium does: the first one at which the running sum of the probabilities
  /// is above a uniform number, or the first of all when rounding leaves none.
  func outcome(of action: Int, in state: Int, using random: inout PCG64) -> Transition {
    let pair = state * actionCount + action
    let (start, end) = (starts[pair], starts[pair + 1])
    return outcomes[
      start + random.choice(of: (start..<end).lazy.map { outcomes[$0].probability })]
  }

  /// Draws the state in which an episode begins.
  func start(using random: inout PCG64) -> Int {
    random.choice(of: startProbabilities)
  }
}

/// What a tabular environment tells besides: Gymnasium's `prob`.
public struct TabularExtras: EnvironmentExtras {
  /// How likely the last outcome was; 1 after a reset.
  public let probability: Double

  /// By their names.
  public var members: [(name: String, value: SpaceValue)] {
    [("probability", .numbers([probability]))]
  }
}

// What wraps a tabular environment without changing its states is one itself.

extension EnvironmentWrapper where Base: TabularEnvironment {
  /// The table of the environment inside.
  public var table: TransitionTable { base.table }
}

extension TimeLimit: TabularEnvironment where Base: TabularEnvironment {}
extension OrderEnforcing: TabularEnvironment where Base: TabularEnvironment {}
