/// Where a walk over the states of a table has come to, and the random numbers that lead it on: what
/// tabular environments are made of.
struct TableWalk: Sendable {
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
