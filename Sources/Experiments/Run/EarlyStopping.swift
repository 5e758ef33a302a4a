/// What can be configured of early stopping.
public struct EarlyStoppingConfiguration: ExperimentConfiguration {
  /// The measure of the evaluation; empty for the first one that has a goal.
  public var metric = ""
  /// Evaluations without a gain after which a run ends; 0 never ends it.
  public var patience = 0
  /// What counts as a gain.
  public var minimumChange = 0.0

  /// No early stopping.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "metric", \.metric, length: 0...100,
        "The measure of the evaluation that is waited for; empty is the first with a goal."
      ).changing(.any),
      .integer(
        "patience", \.patience, in: 0...1_000_000, unit: "evaluations",
        "After how many without a gain training ends; 0 is never."
      ).changing(.any),
      .number(
        "minimumChange", \.minimumChange, in: 0...1e9,
        "What a value must be better by than the best to be a gain."
      ).changing(.any),
    ]
  }
}

/// Ends a run when its evaluations no longer become better (Prechelt, "Early stopping - but when?",
/// 1998). The checkpoint of the best one is kept.
///
/// Differs from the paper: it waits for so many evaluations without a gain, as Keras does; the paper's
/// criterion of that kind counts increases in succession.
struct EarlyStopping {
  private let patience: Int
  private var waiting: Patience

  init(_ configuration: EarlyStoppingConfiguration, goals: [String: MeasureGoal]) {
    patience = configuration.patience
    waiting = Patience(
      metric: configuration.metric, minimumChange: configuration.minimumChange, goals: goals)
  }

  /// Takes a line of metrics into account.
  mutating func add(_ line: MetricsLine) { _ = waiting.add(line) }

  /// Whether the run is to end.
  var isDue: Bool { patience > 0 && waiting.evaluationsWithoutGain >= patience }
}
