import FileFormats
import NeuralNetworks
import Randomness

/// Which random actions are held, of several environments.
struct HeldActions {
  private var actions: [Int]
  private var steps: [Int]

  init(environments: Int) {
    actions = [Int](repeating: 0, count: environments)
    steps = actions
  }

  /// The action to take at random in an environment; nil when the best one is to be taken.
  mutating func next(
    of environment: Int, _ exploration: Exploration, epsilon: Double, actionCount: Int,
    using random: inout RandomStream
  ) -> Int? {
    if steps[environment] == 0 {
      guard random.uniformDouble() < epsilon else { return nil }
      actions[environment] = random.integer(below: actionCount)
      steps[environment] = exploration.duration(using: &random)
    }
    steps[environment] -= 1
    return actions[environment]
  }

  /// Everything it holds, for a checkpoint.
  var record: TensorRecord {
    TensorRecord(
      name: "exploration.held", shape: [2, actions.count], values: (actions + steps).map(Int64.init)
    )
  }

  /// Takes over what `record` gave.
  ///
  /// - Throws: `WeightError`; nothing is changed then.
  mutating func restore(_ table: RecordTable, actionCount: Int) throws(WeightError) {
    let count = actions.count
    let held: [Int64] = try table.values(named: "exploration.held", count: 2 * count) { $0 >= 0 }
    guard held.prefix(count).allSatisfy({ $0 < actionCount }) else {
      throw WeightError(name: "exploration.held", problem: "holds an action that cannot be")
    }
    actions = held.prefix(count).map { Int($0) }
    steps = held.suffix(count).map { Int($0) }
  }
}
