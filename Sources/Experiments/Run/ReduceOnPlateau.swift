/// What can be configured of the reduction of learning rates.
public struct ReduceOnPlateauConfiguration: ExperimentConfiguration {
  /// The measure of the evaluation; empty for the first one that has a goal.
  public var metric = ""
  /// Evaluations without a gain after which rates are reduced; 0 never reduces them.
  public var patience = 0
  /// What rates are multiplied by.
  public var factor = 0.1
  /// What counts as a gain.
  public var minimumChange = 0.0
  /// Evaluations after a reduction that do not count.
  public var cooldown = 0
  /// The share of a rate that is left at the least.
  public var leastShare = 1e-4

  /// No reduction.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "metric", \.metric, length: 0...100,
        "The measure of the evaluation that is waited for; empty is the first with a goal."),
      .integer(
        "patience", \.patience, in: 0...1_000_000, unit: "evaluations",
        "After how many without a gain learning rates are reduced; 0 is never."),
      .number("factor", \.factor, in: 1e-6...0.999_999, "What learning rates are multiplied by."),
      .number(
        "minimumChange", \.minimumChange, in: 0...1e9,
        "What a value must be better by than the best to be a gain."),
      .integer(
        "cooldown", \.cooldown, in: 0...1_000_000, unit: "evaluations",
        "How many after a reduction do not count."),
      .number(
        "leastShare", \.leastShare, in: 0...1, "The share of a learning rate that always stays."),
    ]
  }
}

/// Makes the learning rates smaller when evaluations no longer become better, as Keras'
/// `ReduceLROnPlateau` does. A function of `metrics.jsonl`: what a run is resumed with.
struct ReduceOnPlateau {
  private let configuration: ReduceOnPlateauConfiguration
  private var waiting: Patience
  private var cooling = 0
  /// The shares of the rates, and the numbers of steps done when they began to hold.
  private var shares: [(step: Int, share: Double)] = [(0, 1)]

  init(_ configuration: ReduceOnPlateauConfiguration, goals: [String: MeasureGoal]) {
    self.configuration = configuration
    waiting = Patience(
      metric: configuration.metric, minimumChange: configuration.minimumChange, goals: goals)
  }

  /// Whether it is configured at all.
  var isOn: Bool { configuration.patience > 0 }

  /// The share of their rates that optimisers have in the step after so many.
  func share(after step: Int) -> Double {
    shares.last { $0.step <= step }?.share ?? 1
  }

  /// Takes a line of metrics into account.
  ///
  /// - Returns: whether the rates are smaller from now on.
  mutating func add(_ line: MetricsLine) -> Bool {
    guard isOn, waiting.add(line) else { return false }
    if cooling > 0 {
      cooling -= 1
      waiting.reset()
    }
    guard waiting.evaluationsWithoutGain >= configuration.patience else { return false }
    let old = share(after: line.step)
    let new = max(old * configuration.factor, min(old, configuration.leastShare))
    waiting.reset()
    cooling = configuration.cooldown
    guard new < old else { return false }
    shares.append((line.step, new))
    return true
  }
}
