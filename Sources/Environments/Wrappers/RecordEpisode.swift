import Imaging

/// Keeps the pictures of an episode, from its reset to its end.
public struct RecordEpisode<Base: Environment>: EnvironmentWrapper {
  public typealias Observation = Base.Observation
  public typealias Action = Base.Action
  public typealias Extras = Base.Extras

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

  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    pictures = []
    episodeReturn = 0
    record()
  }

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
