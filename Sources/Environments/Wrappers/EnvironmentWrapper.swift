import Imaging

/// An environment around another one. What a wrapper does not change it hands on.
public protocol EnvironmentWrapper: Environment {
  /// The environment inside.
  associatedtype Base: Environment
  /// The environment inside.
  var base: Base { get set }
}

extension EnvironmentWrapper {
  /// The actions there are.
  public var actionSpace: Space { base.actionSpace }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
  }

  /// How many steps a second look natural.
  public var framesPerSecond: Int { base.framesPerSecond }

  /// A picture of the state.
  public func render() -> Image { base.render() }
  /// The state as text.
  public func renderText() -> String { base.renderText() }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
  }
}

extension EnvironmentWrapper where Observation == Base.Observation {
  /// The observations there are.
  public var observationSpace: Space { base.observationSpace }

  /// Writes what the agent sees now.
  public func observe(into observation: inout Observation) {
    base.observe(into: &observation)
  }
}

extension EnvironmentWrapper where Action == Base.Action {
  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    try base.step(action)
  }
}

extension EnvironmentWrapper where Extras == Base.Extras {
  /// What there is to tell besides.
  public var extras: Extras { base.extras }
}
