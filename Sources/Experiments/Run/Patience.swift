/// For how many evaluations a measure has not become better: what early stopping and the reduction of
/// learning rates wait for. A function of `metrics.jsonl`, so that a run that is resumed waits on.
struct Patience {
  /// Evaluations since the best; an evaluation without the measure does not count.
  private(set) var evaluationsWithoutGain = 0
  private var best: Double?
  private let metric: String
  private let minimumChange: Double
  private let goals: [String: MeasureGoal]

  /// - Parameters:
  ///   - metric: the measure; empty for the first one of an evaluation that a goal judges.
  ///   - minimumChange: what a value must be better by than the best to count as better.
  init(metric: String, minimumChange: Double, goals: [String: MeasureGoal]) {
    self.metric = metric
    self.minimumChange = minimumChange
    self.goals = goals
  }

  /// Takes a line of metrics into account.
  ///
  /// - Returns: whether it is an evaluation of the measure.
  mutating func add(_ line: MetricsLine) -> Bool {
    let judged = line.metrics.measures.first {
      metric.isEmpty ? goals[$0.name] != nil : $0.name == metric
    }
    guard line.kind == .evaluation, let judged, let goal = goals[judged.name] else { return false }
    let gain = best.map { goal == .less ? $0 - judged.value : judged.value - $0 } ?? .infinity
    if gain > minimumChange {
      best = judged.value
      evaluationsWithoutGain = 0
    } else {
      evaluationsWithoutGain += 1
    }
    return true
  }

  /// Waits anew, for what is better than the best so far.
  mutating func reset() { evaluationsWithoutGain = 0 }

  /// Refuses a measure of which neither less nor more is better.
  static func check(
    _ metric: String, of key: String, goals: [String: MeasureGoal]
  ) throws(RunError) {
    guard !metric.isEmpty, goals[metric] == nil else { return }
    let names = goals.keys.sorted()
    throw RunError(
      .unsuitable, "'\(key)' is '\(metric)', which is no measure that can be better or worse here",
      hint: nearest(to: metric, in: names).map { "did you mean '\($0)'?" }
        ?? "choose one of \(names.joined(separator: ", "))")
  }
}
