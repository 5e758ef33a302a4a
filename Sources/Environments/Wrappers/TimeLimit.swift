/// Truncates an episode after so many steps.
public struct TimeLimit<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = Base.Observation
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  /// Steps of an episode at most; nil lets it go on.
  public let maxEpisodeSteps: Int?
  /// Steps of the episode so far.
  public private(set) var elapsedSteps = 0

  /// Wraps an environment; a limit is at least 1.
  public init(_ base: Base, maxEpisodeSteps: Int?) {
    precondition(maxEpisodeSteps ?? 1 > 0, "a limit of \(maxEpisodeSteps ?? 0) steps")
    self.base = base
    self.maxEpisodeSteps = maxEpisodeSteps
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    elapsedSteps = 0
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    if let maxEpisodeSteps, elapsedSteps >= maxEpisodeSteps {
      throw EnvironmentError(.needsReset, "a step after the end of the episode: reset first")
    }
    var step = try base.step(action)
    elapsedSteps += 1
    if let maxEpisodeSteps, elapsedSteps >= maxEpisodeSteps { step.truncated = true }
    return step
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
    try archive.integer("elapsedSteps", &elapsedSteps, in: 0...(maxEpisodeSteps ?? .max))
  }
}
