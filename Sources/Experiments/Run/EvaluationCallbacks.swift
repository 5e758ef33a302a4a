import TensorEngine

/// What follows from the evaluations of a run: its end, and smaller learning rates. A function of
/// `metrics.jsonl`, so that a run that is resumed goes on alike.
struct EvaluationCallbacks {
  /// What follows from one.
  enum Consequence {
    /// The run ends with its epoch.
    case ends
    /// Learning rates are smaller: what is told of them.
    case slows(String)
  }

  private var earlyStopping: EarlyStopping
  private var reduceOnPlateau: ReduceOnPlateau
  private var rates: LearningRates?

  /// - Parameter workspace: the experiment's.
  init(
    _ training: TrainingConfiguration, goals: [String: MeasureGoal],
    in workspace: Workspace<Float>?
  ) {
    earlyStopping = EarlyStopping(training.earlyStopping, goals: goals)
    reduceOnPlateau = ReduceOnPlateau(training.reduceOnPlateau, goals: goals)
    rates = LearningRates(of: workspace)
  }

  /// Takes a line of metrics into account.
  mutating func take(_ line: MetricsLine) -> Consequence? {
    earlyStopping.add(line)
    let slows = reduceOnPlateau.add(line)
    if slows { setLearningRates(after: line.step) }
    if line.kind == .evaluation, earlyStopping.isDue { return .ends }
    return slows ? .slows(ratesText(after: line.step)) : nil
  }

  /// Gives the optimisers the rates that they have in the step after so many.
  func setLearningRates(after step: Int) {
    if reduceOnPlateau.isOn { rates?.scale(by: reduceOnPlateau.share(after: step)) }
  }

  /// Goes on with an experiment that was built anew.
  mutating func turn(to workspace: Workspace<Float>?) { rates = LearningRates(of: workspace) }

  private func ratesText(after step: Int) -> String {
    let share = reduceOnPlateau.share(after: step)
    let parts = (rates?.own ?? []).map {
      "\($0.optimizer) \(Quantity.measure(Double($0.rate) * share))"
    }
    return "learning rate reduced: " + parts.joined(separator: ", ")
  }
}
