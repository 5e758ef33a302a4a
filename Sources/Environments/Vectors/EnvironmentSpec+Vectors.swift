/// How many environments a vector has, and what it shows of them.
public struct VectorLayout: Sendable, Hashable {
  /// How many environments, at least 1.
  public var count: Int
  /// When an environment begins its next episode.
  public var autoreset: AutoresetMode
  /// How many observations a row holds, at least 1.
  public var stack: Int

  /// A layout of its parts.
  public init(count: Int, autoreset: AutoresetMode = .nextStep, stack: Int = 1) {
    self.count = count
    self.autoreset = autoreset
    self.stack = stack
  }
}

extension EnvironmentSpec {
  /// Environments that act side by side; nil when their actions are not of the type `Action`.
  ///
  /// - Throws: `.invalidOption` or `.notBuilt`.
  public func makeVector<Action: SpaceElement>(
    _ layout: VectorLayout, choices: [String] = [], of actions: Action.Type = Action.self
  ) throws(EnvironmentError) -> VectorEnvironment<Action>? {
    try buildVector(choices, layout) as? VectorEnvironment<Action>
  }

  /// What every action does in every state, of an environment of which that is known.
  ///
  /// - Throws: `.invalidOption` or `.notBuilt`.
  public func table(_ choices: [String] = []) throws(EnvironmentError) -> TransitionTable? {
    (try make(choices) as? any TabularEnvironment)?.table
  }

  /// Takes random steps in `count` environments side by side, over the ends of episodes: what is
  /// measured as the speed of a vector.
  ///
  /// - Parameter steps: of all environments together.
  /// - Returns: the sum of the rewards.
  /// - Throws: `.notBuilt`.
  public func exercise(
    steps: Int, sideBySide count: Int, seed: UInt64 = 0
  ) throws(EnvironmentError) -> Double {
    if let vector = try makeVector(VectorLayout(count: count), of: Int.self) {
      return try vector.exercise(steps: steps / count, seed: seed)
    }
    return try makeVector(VectorLayout(count: count), of: [Float].self)?
      .exercise(steps: steps / count, seed: seed) ?? 0
  }
}

extension VectorEnvironment {
  fileprivate func exercise(steps: Int, seed: UInt64) throws(EnvironmentError) -> Double {
    // Drawn beforehand, as the measured loops of others do.
    let drawn = 64
    var random = PCG64(seed: seed)
    let actions = (0..<drawn).map { _ in (0..<count).map { _ in randomAction(using: &random) } }
    try reset(seed: seed)
    var sum = 0.0
    for number in 0..<steps {
      try step(actions[number % drawn])
      sum += outcome.rewards[number % count]
    }
    return sum
  }
}
