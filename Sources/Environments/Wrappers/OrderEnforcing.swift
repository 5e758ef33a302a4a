/// Refuses a step before the first reset and after the end of an episode.
public struct OrderEnforcing<Base: Environment>: EnvironmentWrapper {
  public typealias Observation = Base.Observation
  public typealias Action = Base.Action
  public typealias Extras = Base.Extras

  public var base: Base
  private var isOpen = false
  private var hasBegun = false

  /// Wraps an environment that was not reset yet.
  public init(_ base: Base) {
    self.base = base
  }

  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    isOpen = true
    hasBegun = true
  }

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

  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
    try archive.flag("isOpen", &isOpen)
    hasBegun = hasBegun || isOpen
  }
}
