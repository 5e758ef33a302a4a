/// What the environments of a vector show after a reset or a step: one array for each kind of number,
/// with a row or an element for each environment.
public struct VectorOutcome: Sendable, Hashable {
  /// The numbers of one row of observations.
  public let rowSize: Int
  /// What is seen now: [environments, rowSize]. Integers are numbers as they are.
  public internal(set) var observations: [Float]
  /// What was seen last in an episode that ended with this step; rows of others are of no meaning.
  /// Only where environments are reset in the same step.
  public internal(set) var finalObservations: [Float]
  /// What was paid.
  public internal(set) var rewards: [Double]
  /// Where the task itself ended.
  public internal(set) var terminated: [Bool]
  /// Where the episode was cut off from outside.
  public internal(set) var truncated: [Bool]

  init(count: Int, rowSize: Int) {
    self.rowSize = rowSize
    observations = [Float](repeating: 0, count: count * rowSize)
    finalObservations = observations
    rewards = [Double](repeating: 0, count: count)
    terminated = [Bool](repeating: false, count: count)
    truncated = terminated
  }

  /// The step of one environment.
  public func step(of environment: Int) -> Step {
    Step(
      reward: rewards[environment], terminated: terminated[environment],
      truncated: truncated[environment])
  }

  /// Takes over the step of one environment.
  mutating func set(_ step: Step, of environment: Int) {
    rewards[environment] = step.reward
    terminated[environment] = step.terminated
    truncated[environment] = step.truncated
  }

  /// Keeps what one environment shows now as what it showed last.
  mutating func keepAsFinal(_ environment: Int) {
    for place in environment * rowSize..<(environment + 1) * rowSize {
      finalObservations[place] = observations[place]
    }
  }
}

/// When an environment of a vector begins its next episode, as Gymnasium's vectors do.
public enum AutoresetMode: String, Sendable, Hashable, CaseIterable {
  /// With the step after the last one, whose action is ignored and which pays nothing.
  case nextStep
  /// At once: what was seen last is a final observation.
  case sameStep
  /// When it is told to.
  case disabled
}
