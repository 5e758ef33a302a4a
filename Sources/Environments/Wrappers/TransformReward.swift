/// Pays something else for each step.
public struct TransformReward<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = Base.Observation
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  private let transform: @Sendable (Double) -> Double

  /// Pays `transform` of what the base pays.
  public init(_ base: Base, transform: @escaping @Sendable (Double) -> Double) {
    self.base = base
    self.transform = transform
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    var step = try base.step(action)
    step.reward = transform(step.reward)
    return step
  }
}

extension TransformReward {
  /// Pays at least the lower and at most the upper bound (Gymnasium's `ClipReward`; -1...1 in Mnih et
  /// al., "Human-level control through deep reinforcement learning", 2015).
  public init(_ base: Base, clippedTo range: ClosedRange<Double>) {
    self.init(base) { max(range.lowerBound, min(range.upperBound, $0)) }
  }
}
