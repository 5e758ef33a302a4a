/// Lays observations out for a network: arrays as they are, each integer as a one among zeros
/// (Gymnasium's `FlattenObservation`; of a discrete space what is called one-hot).
public struct FlattenObservation<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = [Float]
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  private let space: Space

  /// Wraps an environment.
  public init(_ base: Base) {
    self.base = base
    space = base.observationSpace
  }

  /// The observations there are.
  public var observationSpace: Space { .box(space.flattened) }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation = space.flattened(base.observation.value)
  }
}

extension Space {
  /// The box of the values that `flattened(_:)` gives.
  public var flattened: BoxSpace {
    switch self {
    case .box(let box): BoxSpace(low: box.low, high: box.high)
    case .discrete, .multiDiscrete, .multiBinary: BoxSpace(0...1, shape: [flatCount])
    case .tuple(let spaces): Self.joined(spaces.map(\.flattened))
    case .dictionary(let members): Self.joined(members.map(\.space.flattened))
    }
  }

  private static func joined(_ boxes: [BoxSpace]) -> BoxSpace {
    BoxSpace(low: boxes.flatMap(\.low), high: boxes.flatMap(\.high))
  }
}
