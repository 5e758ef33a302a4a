import Imaging

/// A task that an agent acts in, after Gymnasium (Towers et al., 2024).
///
/// Environments are values: a copy is a clone that goes its own way. An environment draws its own
/// random numbers as its Python original does, so that the same seed gives the same episodes.
public protocol Environment<Observation, Action>: Sendable {
  /// What the agent sees, such as `[Float]`, or `Int` of a table of states.
  associatedtype Observation: SpaceElement
  /// What the agent does.
  associatedtype Action: SpaceElement
  /// What an environment tells besides, such as which actions have an effect.
  associatedtype Extras: EnvironmentExtras = NoExtras

  /// The observations there are.
  var observationSpace: Space { get }
  /// The actions there are.
  var actionSpace: Space { get }

  /// Begins an episode.
  ///
  /// - Parameters:
  ///   - seed: makes the random numbers begin anew; nil lets them go on.
  ///   - options: of this one reset, by their names, such as the bounds of the first state.
  /// - Throws: `.invalidOption`.
  mutating func reset(seed: UInt64?, options: [String: Double]) throws(EnvironmentError)

  /// Acts once.
  ///
  /// - Throws: `.invalidAction` or `.needsReset`; the state is then as before.
  mutating func step(_ action: Action) throws(EnvironmentError) -> Step

  /// Writes what the agent sees now over an earlier observation, whose storage is used again.
  func observe(into observation: inout Observation)

  /// What there is to tell besides.
  var extras: Extras { get }

  /// How many steps a second look natural, for animations.
  var framesPerSecond: Int { get }

  /// A picture of the state, of the same size in every state.
  func render() -> Image

  /// The state as text, for a terminal: lines, with colours only by `ANSI`.
  func renderText() -> String

  /// Writes or reads everything that decides what comes, by the names of its parts.
  ///
  /// - Throws: `.invalidState` when a part is missing or out of range.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError)
}

extension Environment where Extras == NoExtras {
  /// What there is to tell besides.
  public var extras: NoExtras { NoExtras() }
}

extension Environment {
  /// Thirty, as most of Gymnasium's.
  public var framesPerSecond: Int { 30 }

  /// Begins an episode without options.
  public mutating func reset(seed: UInt64? = nil) throws(EnvironmentError) {
    try reset(seed: seed, options: [:])
  }

  /// What the agent sees now.
  public var observation: Observation {
    var observation = Observation.placeholder
    observe(into: &observation)
    return observation
  }

  /// An action drawn from the action space.
  public func randomAction(using random: inout PCG64) -> Action {
    .sample(of: actionSpace, using: &random)
  }

  /// Refuses options other than those named.
  func refuseOptions(
    _ options: [String: Double], except known: [String] = []
  ) throws(EnvironmentError) {
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      guard known.contains(name) else {
        let expected = known.isEmpty ? "there are none" : "one of \(known.joined(separator: ", "))"
        throw EnvironmentError(.invalidOption, "no option '\(name)' of a reset: \(expected)")
      }
      guard value.isFinite else {
        throw EnvironmentError(.invalidOption, "option '\(name)' of a reset is \(value)")
      }
    }
  }
}

/// What an environment tells besides observation and reward.
public protocol EnvironmentExtras: Sendable, Hashable {
  /// By their names, as they are printed.
  var members: [(name: String, value: SpaceValue)] { get }
}

/// Nothing to tell.
public struct NoExtras: EnvironmentExtras {
  /// Nothing to tell.
  public init() {}
  /// By their names.
  public var members: [(name: String, value: SpaceValue)] { [] }
}
