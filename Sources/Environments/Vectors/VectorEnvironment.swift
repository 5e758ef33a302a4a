import FileFormats
import Imaging

/// A vector of environments whose type is hidden, for agents that choose theirs by its id. Its loops
/// were compiled for the type.
public final class VectorEnvironment<Action: SpaceElement> {
  /// How many environments there are.
  public let count: Int
  /// The observations of one environment, without its stack.
  public let observationSpace: Space
  /// The actions of one environment.
  public let actionSpace: Space
  /// How many steps a second look natural.
  public let framesPerSecond: Int
  /// What the last reset or step showed.
  public private(set) var outcome: VectorOutcome

  private let resetting: (UInt64?, inout VectorOutcome) throws(EnvironmentError) -> Void
  private let stepping: ([Action], inout VectorOutcome) throws(EnvironmentError) -> Void
  private let readState: () -> JSON
  private let writeState: (JSON) throws(EnvironmentError) -> Void
  private let rendering: (Int) -> Image
  private let renderingText: (Int) -> String

  /// Hides the type of a vector. To be called where that is known.
  init<Base: Environment<Base.Observation, Action>>(_ vector: EnvironmentVector<Base>) {
    var vector = vector
    count = vector.environments.count
    observationSpace = vector.environments[0].observationSpace
    actionSpace = vector.environments[0].actionSpace
    framesPerSecond = vector.environments[0].framesPerSecond
    outcome = vector.outcome
    resetting = { (seed, outcome) throws(EnvironmentError) in
      try vector.reset(seed: seed, into: &outcome)
    }
    stepping = { (actions, outcome) throws(EnvironmentError) in
      try vector.step(actions, into: &outcome)
    }
    readState = { vector.state }
    writeState = { (state) throws(EnvironmentError) in try vector.restore(state) }
    rendering = { vector.environments[$0].render() }
    renderingText = { vector.environments[$0].renderText() }
  }

  /// Begins an episode everywhere; environment i takes the seed plus i.
  public func reset(seed: UInt64?) throws(EnvironmentError) {
    try resetting(seed, &outcome)
  }

  /// Acts once everywhere.
  ///
  /// - Throws: as `Environment.step`.
  public func step(_ actions: [Action]) throws(EnvironmentError) {
    try stepping(actions, &outcome)
  }

  /// An action drawn from the action space.
  public func randomAction(using random: inout PCG64) -> Action {
    .sample(of: actionSpace, using: &random)
  }

  /// A picture of one environment.
  public func render(_ environment: Int) -> Image { rendering(environment) }

  /// The state of one environment as text.
  public func renderText(_ environment: Int) -> String { renderingText(environment) }

  /// Everything that decides what comes.
  public var state: JSON {
    [
      "environments": readState(),
      "observations": .array(outcome.observations.map { .number(Double($0)) }),
    ]
  }

  /// Takes over what `state` gave.
  ///
  /// - Throws: `.invalidState`; everything is then as before.
  public func restore(_ state: JSON) throws(EnvironmentError) {
    let seen = state["observations"]?.elements?.compactMap(\.doubleValue) ?? []
    guard let environments = state["environments"], seen.count == outcome.observations.count else {
      throw EnvironmentError(
        .invalidState, "expected environments and \(outcome.observations.count) observed numbers")
    }
    try writeState(environments)
    outcome.observations = seen.map { Float($0) }
  }
}
