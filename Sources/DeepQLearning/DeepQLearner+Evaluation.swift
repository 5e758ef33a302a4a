import Experiments
import TensorEngine

extension DeepQLearner: ActingModel {
  /// Where it learnt to act.
  public var environment: EnvironmentChoice { agentEnvironment.choice }

  /// The best actions for rows of observations, `count` of them.
  public mutating func actions(for rows: [Float], count: Int) -> [Int] {
    best(for: rows, count).actions
  }

  /// Measures episodes of the best actions.
  public mutating func evaluate() throws -> Metrics {
    try evaluation.measure(best)
  }

  /// Writes the episodes of an evaluation, one of them as an animation.
  public mutating func export(to exports: Exports) throws {
    try evaluation.export(to: exports, best)
  }

  private func best(for rows: [Float], _ count: Int) -> (actions: [Int], values: [Float]) {
    var actions: [Int] = []
    var values: [Float] = []
    let (most, rowSize) = (configuration.evaluation.episodes, rows.count / count)
    for start in stride(from: 0, to: count, by: most) {
      let taken = min(most, count - start)
      let part = rows[start * rowSize..<(start + taken) * rowSize]
      let missing = [Float](repeating: 0, count: (most - taken) * rowSize)
      evaluationActing.set(observations: part + missing, of: usesBytes)
      evaluationActing.run(step: 0)
      actions += evaluationActing[indices: "actions"].scalars.prefix(taken).map { Int($0) }
      values += evaluationActing["values"].scalars.prefix(taken)
    }
    return (actions, values)
  }
}
