/// The configuration of a module: a value whose every property has a default and is declared once
/// as a key, with its range, its unit and a line that says what it is.
///
///     struct VAEConfiguration: ExperimentConfiguration {
///       var latentSize = 2
///       var optimizer = OptimizerConfiguration()
///
///       static var keys: [ConfigurationKey<Self>] {
///         [
///           .integer("latentSize", \.latentSize, in: 1...512, "Size of the latent space."),
///           .group("optimizer", \.optimizer, "How the parameters are updated."),
///         ]
///       }
///     }
///
/// The defaults must lie in their ranges; ``configurationFaults(of:)`` checks that and the rest of
/// what a schema must keep.
public protocol ExperimentConfiguration: Sendable, Equatable {
  /// Every property at its default.
  init()
  /// What can be configured, in the order people read it.
  static var keys: [ConfigurationKey<Self>] { get }
  /// The rules between keys that this value breaks. Asked only of a value whose every key holds
  /// what it allows; it must not trap on any such value.
  var problems: [ConfigurationProblem] { get }
  /// What contradicts what the field does, but can be tried: said once when a run begins. As
  /// ``problems`` otherwise.
  var warnings: [ConfigurationProblem] { get }
}

extension ExperimentConfiguration {
  /// No rules between keys.
  public var problems: [ConfigurationProblem] { [] }
  /// No contradictions.
  public var warnings: [ConfigurationProblem] { [] }
}

/// What a person configures in one run: the runner's own group `train`, and beside it the keys of
/// the module.
public struct RunConfiguration<Training, Module>: ExperimentConfiguration
where Training: ExperimentConfiguration, Module: ExperimentConfiguration {
  /// How the runner trains.
  public var train = Training()
  /// What the module configures.
  public var module = Module()

  /// Everything at its default.
  public init() {}

  /// The runner's group, then the module's keys at the same level.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .group("train", \.train, "How long to train, and what to keep."),
      .included("module", \.module),
    ]
  }
}
