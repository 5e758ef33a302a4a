import Imaging

/// An environment around another one. What a wrapper does not change it hands on.
public protocol EnvironmentWrapper: Environment {
  /// The environment inside.
  associatedtype Base: Environment
  /// The environment inside.
  var base: Base { get set }
}

extension EnvironmentWrapper {
  public var actionSpace: Space { base.actionSpace }

  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
  }

  public func render() -> Image { base.render() }
  public func renderText() -> String { base.renderText() }

  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
  }
}

extension EnvironmentWrapper where Observation == Base.Observation {
  public var observationSpace: Space { base.observationSpace }

  public func observe(into observation: inout Observation) {
    base.observe(into: &observation)
  }
}

extension EnvironmentWrapper where Action == Base.Action {
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    try base.step(action)
  }
}

extension EnvironmentWrapper where Extras == Base.Extras {
  public var extras: Extras { base.extras }
}
