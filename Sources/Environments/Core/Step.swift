/// What came of an action.
///
/// There is no "done": a value is bootstrapped from the next observation exactly when the episode
/// did not terminate, whether or not a time limit cut it off there.
public struct Step: Sendable, Hashable {
  /// What the environment pays for the action.
  public var reward: Double
  /// Whether the task itself ended: nothing comes after.
  public var terminated: Bool
  /// Whether the episode was cut off from outside, such as by a time limit. Both may hold.
  public var truncated: Bool

  /// A step that goes on, unless it is said otherwise.
  public init(reward: Double, terminated: Bool = false, truncated: Bool = false) {
    self.reward = reward
    self.terminated = terminated
    self.truncated = truncated
  }

  /// Whether the environment must be reset before the next step.
  public var endsEpisode: Bool { terminated || truncated }

  /// What the value of the next observation counts for: the discount, or 0 where nothing follows.
  public func discount(_ discount: Double) -> Double { terminated ? 0 : discount }
}
