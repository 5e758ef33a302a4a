/// Refuses a step before the first reset and after the end of an episode.
public struct OrderEnforcing<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = Base.Observation
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  private var isOpen = false
  private var hasBegun = false

  /// Wraps an environment that was not reset yet.
  public init(_ base: Base) {
    self.base = base
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    isOpen = true
    hasBegun = true
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    guard isOpen else {
      throw EnvironmentError(
        .needsReset,
        hasBegun
          ? "a step after the end of the episode: reset first"
          : "a step before the first reset: reset first")
    }
    let step = try base.step(action)
    isOpen = !step.terminated
    return step
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
    try archive.flag("isOpen", &isOpen)
    hasBegun = hasBegun || isOpen
  }
}
