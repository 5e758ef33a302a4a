/// Why an environment refused what it was asked. Its state is as before.
public struct EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was wrong.
  public enum Problem: Sendable, Hashable {
    /// An option of an environment or of `reset` that it does not have, or whose value is wrong.
    case invalidOption
    /// An action that is not in the action space.
    case invalidAction
    /// A step before `reset`, or after the end of the episode.
    case needsReset
    /// A state that the environment cannot be in.
    case invalidState
    /// An environment that this program was built without.
    case notBuilt
  }

  /// What was wrong.
  public let problem: Problem
  /// It in one line, and what to do.
  public let description: String

  /// An error told by `description`.
  public init(_ problem: Problem, _ description: String) {
    self.problem = problem
    self.description = description
  }
}
