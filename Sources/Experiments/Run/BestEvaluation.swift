/// The evaluation that a run did best in: by the first measure that the module has a goal for, the
/// first of equals. A function of `metrics.jsonl`.
struct BestEvaluation {
  /// Steps done then.
  let step: Int
  private let measure: String
  private let value: Double

  /// The best of these lines; nil when none of them is an evaluation that a goal judges.
  init?(of lines: [MetricsLine], goals: [String: MeasureGoal]) {
    var best: BestEvaluation?
    for line in lines { best = BestEvaluation(best, line, goals: goals) }
    guard let best else { return nil }
    self = best
  }

  /// The better one of the best so far and a line that follows.
  init?(_ best: BestEvaluation?, _ line: MetricsLine, goals: [String: MeasureGoal]) {
    let judged = line.metrics.measures.first { goals[$0.name] != nil }
    guard line.kind == .evaluation, let judged, let goal = goals[judged.name] else {
      guard let best else { return nil }
      self = best
      return
    }
    if let best, best.measure == judged.name,
      goal == .less ? best.value <= judged.value : best.value >= judged.value
    {
      self = best
    } else {
      (step, measure, value) = (line.step, judged.name, judged.value)
    }
  }
}
