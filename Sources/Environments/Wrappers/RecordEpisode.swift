import Imaging

/// Keeps the pictures of an episode, from its reset to its end.
public struct RecordEpisode<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = Base.Observation
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  /// The picture after the reset and after each step of the episode.
  public private(set) var pictures: [Image] = []
  /// The sum of the rewards of the episode.
  public private(set) var episodeReturn = 0.0
  /// The most pictures that are kept of an episode.
  public let limit: Int

  /// Wraps an environment that was not reset yet.
  public init(_ base: Base, limit: Int) {
    self.base = base
    self.limit = limit
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    pictures = []
    episodeReturn = 0
    record()
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    let step = try base.step(action)
    episodeReturn += step.reward
    record()
    return step
  }

  private mutating func record() {
    if pictures.count < limit { pictures.append(base.render()) }
  }
}
