import FileFormats
import TensorEngine

/// What a module contributes: how to make one run from a configuration, what a step of it is, and
/// what it shows. The runner owns everything else: the schedule, the run folder, checkpoints,
/// resuming, metrics, logs and progress.
///
/// The promise that a run killed at any instant ends with the same bytes rests on two rules.
/// Everything random is a function of the seed and of a number (of a step, of an epoch), never of
/// what was drawn before; and `state` holds all that a step reads and changes.
public protocol Experiment: SendableMetatype {
  /// The keys that the module reads from an experiment file.
  associatedtype Configuration: ExperimentConfiguration

  /// The module's name in the `module:` line of an experiment file, such as `vae`.
  static var module: String { get }

  /// What the module trains, in one line.
  static var summary: String { get }

  /// The unit of each measure in `Metrics`, in the order a reader should meet them.
  static var metricUnits: KeyValuePairs<String, String> { get }

  /// Of which measures less, or more, is better. Of one that stands for nothing by itself, neither.
  static var goals: [String: MeasureGoal] { get }

  /// What makes a run go through every phase in four steps, besides what the runner sets: `key=value`
  /// texts, for `atelier run --smoke`.
  static var smokeOverrides: [String] { get }

  /// The parts of the method that a key each takes out or puts in, for `atelier ablate`.
  static var parts: [AblationPart] { get }

  /// Loads the data, builds the networks and compiles the programs.
  init(_ configuration: Configuration, in context: RunContext) throws

  /// How many steps make one epoch, at least 1.
  var stepsPerEpoch: Int { get }

  /// How many samples (images, transitions ...) a step uses: the rate on the progress line.
  var samplesPerStep: Int { get }

  /// Where the programs run, for the runner to look for numbers that are not finite; nil when there
  /// are no programs.
  var inspectedWorkspace: Workspace<Float>? { get }

  /// Trains once. Steps are counted from 0 over the whole run.
  mutating func step(_ number: Int) throws -> Metrics

  /// Measures on data held out from training. Called at the end of an epoch; must not change what
  /// later steps compute. Checks `RunContext.stop` about every half second: one that is given up is
  /// repeated when the run is resumed.
  mutating func evaluate() throws -> Metrics

  /// Writes pictures and tables. Called at the end of an epoch, and under the same rules as
  /// `evaluate`.
  mutating func export(to exports: Exports) throws

  /// The layers, the programs and the files the run learns from.
  func describe() throws -> ExperimentDescription

  /// Everything needed to go on bit for bit: weights, optimiser state, counters.
  func state() throws -> [TensorRecord]

  /// Takes over what `state` gave.
  mutating func restore(_ records: [TensorRecord]) throws
}

extension Experiment {
  /// No programs.
  public var inspectedWorkspace: Workspace<Float>? { nil }

  /// No units: the measures are plain numbers.
  public static var metricUnits: KeyValuePairs<String, String> { [:] }

  /// Nothing besides.
  public static var smokeOverrides: [String] { [] }

  /// No parts to take out.
  public static var parts: [AblationPart] { [] }

  /// Less of what is called a loss.
  public static var goals: [String: MeasureGoal] { ["loss": .less] }

  /// The unit of a measure, or nil when it is a plain number.
  static func unit(of measure: String) -> String? {
    metricUnits.first { $0.key == measure }?.value
  }
}
