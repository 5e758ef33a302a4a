/// Where a walk over the states of a table has come to, and the random numbers that lead it on: what
/// tabular environments are made of.
public struct TableWalk: Sendable {
  /// What follows from each action in each state.
  let table: TransitionTable
  var random = PCG64(seed: 0)
  var state: Int
  /// How likely the last outcome was; 1 after a reset.
  private(set) var probability = 1.0

  /// A walk to be reset, which stands at `state` until then.
  init(over table: TransitionTable, at state: Int = 0) {
    self.table = table
    self.state = state
  }

  /// Begins where an episode may begin; a seed makes the random numbers begin anew.
  mutating func reset(seed: UInt64?) {
    if let seed { random = PCG64(seed: seed) }
    state = table.start(using: &random)
    probability = 1
  }

  /// Acts once; the action must be one of the table.
  mutating func step(_ action: Int) -> Step {
    let outcome = table.outcome(of: action, in: state, using: &random)
    state = outcome.state
    probability = outcome.probability
    return Step(reward: outcome.reward, terminated: outcome.terminated)
  }

  /// Writes or reads the state, by the name that the environment has for it, and its probability.
  mutating func archive(
    _ archive: inout StateArchive, state name: String
  ) throws(EnvironmentError) {
    try archive.integer(name, &state, in: 0...table.stateCount - 1)
    try archive.number("probability", &probability)
  }
}

/// A tabular environment that is a walk over its table: it says what the table is, and how it looks.
public protocol TableWalking: TabularEnvironment {
  associatedtype Extras = TabularExtras
  /// Where it has come to.
  var walk: TableWalk { get set }
  /// What archives call the state.
  static var stateName: String { get }
}

extension TableWalking {
  /// What follows from each action in each state.
  public var table: TransitionTable { walk.table }
  /// The observations there are.
  public var observationSpace: Space { .discrete(count: table.stateCount) }
  /// The actions there are.
  public var actionSpace: Space { .discrete(count: table.actionCount) }
  /// How many steps a second look natural.
  public var framesPerSecond: Int { 4 }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    walk.reset(seed: seed)
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: walk.table.actionCount)
    return walk.step(action)
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout Int) {
    observation = walk.state
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try walk.archive(&archive, state: Self.stateName)
    try walk.random.archive(&archive)
  }
}

extension TableWalking where Extras == TabularExtras {
  /// How likely the last outcome was.
  public var extras: TabularExtras { TabularExtras(probability: walk.probability) }
}
