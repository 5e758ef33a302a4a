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
    _ choices: [String] = [], _ layout: VectorLayout, of actions: Action.Type = Action.self
  ) throws(EnvironmentError) -> VectorEnvironment<Action>? {
    try buildVector(choices, layout) as? VectorEnvironment<Action>
  }

  /// What every action does in every state, of an environment of which that is known.
  ///
  /// - Throws: `.invalidOption` or `.notBuilt`.
  public func table(_ choices: [String] = []) throws(EnvironmentError) -> TransitionTable? {
    (try make(choices) as? any TabularEnvironment)?.table
  }
}
