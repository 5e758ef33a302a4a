/// A trained experiment that acts in an environment. What `atelier play RUN` needs.
public protocol ActingModel: Experiment {
  /// Where it learnt to act.
  var environment: EnvironmentChoice { get }

  /// The best actions for rows of observations, `count` of them.
  mutating func actions(for rows: [Float], count: Int) throws -> [Int]
}

/// An environment as an experiment names it.
public struct EnvironmentChoice: Sendable, Hashable {
  /// Its id, such as `CartPole-v1`.
  public let id: String
  /// Its options, as `name=value`.
  public let options: [String]
  /// How many observations a row holds.
  public let stack: Int

  /// A choice of its parts.
  public init(id: String, options: [String], stack: Int = 1) {
    self.id = id
    self.options = options
    self.stack = stack
  }
}
