/// One episode that was played.
public struct Episode: Sendable, Hashable {
  /// The seed of its first state.
  public let seed: UInt64
  /// How many steps it took.
  public internal(set) var steps = 0
  /// The sum of what was paid.
  public internal(set) var totalReward = 0.0
  /// The sum of what was paid, each step later counting less.
  public internal(set) var discountedReward = 0.0
  /// Whether the task itself ended.
  public internal(set) var terminated = false
  /// Whether it was cut off; neither where it was given up.
  public internal(set) var truncated = false

  var isOver: Bool { terminated || truncated }
}

extension [Episode] {
  /// The mean of the sums of what was paid; there must be an episode.
  public var meanReturn: Double { map(\.totalReward).reduce(0, +) / Double(count) }

  /// The standard deviation of the sums of what was paid.
  public var returnDeviation: Double {
    let mean = meanReturn
    return (map { ($0.totalReward - mean) * ($0.totalReward - mean) }.reduce(0, +) / Double(count))
      .squareRoot()
  }
}

extension VectorEnvironment {
  /// Plays one episode in each environment, from a reset.
  ///
  /// - Parameters:
  ///   - seed: of the first environment; the others take the next ones.
  ///   - stepLimit: after how many steps an episode is given up.
  ///   - discount: what a reward counts for one step later, in `discountedReward`.
  ///   - look: called after the reset and after each step.
  ///   - choose: the actions for what is seen. Those of environments whose episode is over do not
  ///     matter.
  public func playEpisodes(
    seed: UInt64, stepLimit: Int, discount: Double = 1,
    look: (VectorOutcome) throws -> Void = { _ in },
    choose: (VectorOutcome) throws -> [Action]
  ) throws -> [Episode] {
    var episodes = (0..<count).map { Episode(seed: seed &+ UInt64($0)) }
    var share = 1.0
    try reset(seed: seed)
    try look(outcome)
    for _ in 0..<stepLimit {
      try step(try choose(outcome))
      for index in episodes.indices where !episodes[index].isOver {
        let step = outcome.step(of: index)
        episodes[index].steps += 1
        episodes[index].totalReward += step.reward
        episodes[index].discountedReward += share * step.reward
        episodes[index].terminated = step.terminated
        episodes[index].truncated = step.truncated
      }
      try look(outcome)
      share *= discount
      if episodes.allSatisfy(\.isOver) { break }
    }
    return episodes
  }
}
