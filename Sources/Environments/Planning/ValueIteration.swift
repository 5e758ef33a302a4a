/// Exact planning over a table of transitions (Bellman, "A Markovian decision process", 1957).
public enum ValueIteration {
  /// The expected return of a policy from the start of an episode.
  ///
  /// - Parameters:
  ///   - policy: the action taken in each state.
  ///   - table: the environment's.
  ///   - steps: after how many the episode is cut off.
  public static func expectedReturn(
    of policy: [Int], in table: TransitionTable, within steps: Int
  ) -> Double {
    var values = [Double](repeating: 0, count: table.stateCount)
    for _ in 0..<steps {
      values = values.indices.map { value(of: policy[$0], in: $0, values, table) }
    }
    return startValue(values, table)
  }

  /// What an action is worth in a state when the states after it are worth `values`.
  private static func value(
    of action: Int, in state: Int, _ values: [Double], _ table: TransitionTable
  ) -> Double {
    table.transitions(from: state, by: action).reduce(0) { sum, outcome in
      let rest = outcome.terminated ? 0 : values[outcome.state]
      return sum + outcome.probability * (outcome.reward + rest)
    }
  }

  /// The expected return of the best policy from the start of an episode: what no agent can beat on
  /// average.
  ///
  /// - Parameters:
  ///   - table: the environment's.
  ///   - steps: after how many the episode is cut off, which the best policy takes into account; nil
  ///     where only the rules end it.
  /// - Returns: nil when there is no end and the returns grow on and on.
  public static func bestReturn(of table: TransitionTable, within steps: Int?) -> Double? {
    var values = [Double](repeating: 0, count: table.stateCount)
    for _ in 0..<(steps ?? greatestSweepCount) {
      let (next, change) = sweep(values, table)
      values = next
      // From here on every further step would change nothing.
      if change == 0 || steps == nil && change < smallestChange {
        return startValue(values, table)
      }
    }
    return steps == nil ? nil : startValue(values, table)
  }

  /// When values that only approach their limit are near enough.
  private static let smallestChange = 1e-12
  private static let greatestSweepCount = 10_000

  /// The best values with one more step to go, and how much they changed at most.
  private static func sweep(
    _ values: [Double], _ table: TransitionTable
  ) -> (values: [Double], change: Double) {
    var change = 0.0
    let next = values.indices.map { state in
      let best = (0..<table.actionCount).reduce(-Double.infinity) { best, action in
        max(best, value(of: action, in: state, values, table))
      }
      change = max(change, abs(best - values[state]))
      return best
    }
    return (next, change)
  }

  private static func startValue(_ values: [Double], _ table: TransitionTable) -> Double {
    zip(values, table.startProbabilities).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
