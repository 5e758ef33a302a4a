import Environments
import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import RealModule

/// An agent that keeps the value of every action in every state: Q-learning (Watkins, "Learning from
/// delayed rewards", 1989), SARSA (Rummery and Niranjan, "On-line Q-learning using connectionist
/// systems", 1994) and expected SARSA (van Seijen et al. 2009).
///
/// Differs from the papers: where a time limit cuts an episode off, the rest of the return is
/// estimated as if it went on.
public struct TabularLearner: Experiment {
  /// The name in experiment files.
  public static let module = "tabular"
  /// What it trains.
  public static let summary = "Table of values: Q-learning and SARSA, the baseline of agents"
  /// Returns are what the environment pays in an episode.
  public static let metricUnits = DeepQLearner.metricUnits
  /// More return, less of what is missing to the best there is.
  public static let goals = DeepQLearner.goals
  /// Short evaluations.
  public static let smokeOverrides = ["evaluation.episodes=2", "evaluation.stepLimit=50"]

  /// Environment steps of one step.
  private static let stepSize = 100

  private let configuration: TabularConfiguration
  private let agentEnvironment: AgentEnvironment
  private let evaluation: GreedyEvaluation
  private let vector: VectorEnvironment<Int>
  private let actionCount: Int
  private let stateCount: Int
  /// [states, actions]
  private var values: [Double]
  /// How often each was updated.
  private var visits: [Int64]
  /// The action that SARSA takes next; -1 where none is chosen yet.
  private var nextAction = -1
  private var episodes = EpisodeLog(environments: 1)

  /// Makes the environment and a table for it.
  public init(_ configuration: TabularConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    agentEnvironment = try AgentEnvironment(
      EnvironmentChoice(id: configuration.environment, options: configuration.environmentOptions),
      seed: context.seed)
    guard case .discrete(let stateCount, start: 0) = agentEnvironment.observationSpace else {
      throw RunError(
        .unsuitable, "the states of \(configuration.environment) are not numbered",
        hint: "module 'dqn' learns from any observations")
    }
    evaluation = GreedyEvaluation(
      of: agentEnvironment, configuration.evaluation, discount: configuration.discount,
      stop: context.stop)
    self.stateCount = stateCount
    actionCount = agentEnvironment.actionCount
    values = [Double](repeating: configuration.initialValue, count: stateCount * actionCount)
    visits = [Int64](repeating: 0, count: values.count)
    vector = agentEnvironment.vector(count: 1, autoreset: .sameStep)
    try vector.reset(seed: agentEnvironment.seed(of: "environment"))
  }

  // MARK: Training

  /// Steps of the run in one epoch.
  public var stepsPerEpoch: Int { max(1, configuration.epochSteps / Self.stepSize) }
  /// Environment steps of one step.
  public var samplesPerStep: Int { Self.stepSize }

  /// Acts, and learns from each action.
  public mutating func step(_ number: Int) throws -> Metrics {
    let first = number * Self.stepSize
    var error = 0.0
    for time in first..<first + Self.stepSize { error += try abs(act(at: time)) }
    var metrics = Metrics()
    if let mean = episodes.mean { metrics.append("return", mean) }
    metrics.append("error", error / Double(Self.stepSize))
    metrics.append("epsilon", configuration.exploration.epsilon(at: first))
    return metrics
  }

  /// Takes one step, and moves the value of what was done towards what came of it.
  ///
  /// - Returns: how far the value was from it.
  private mutating func act(at time: Int) throws -> Double {
    var random = RandomStream(
      seed: agentEnvironment.seed, name: "exploration", index: UInt64(time))
    let epsilon = configuration.exploration.epsilon(at: time)
    let state = Int(vector.outcome.observations[0])
    let action = nextAction >= 0 ? nextAction : choose(in: state, epsilon, &random)
    try vector.step([action])
    let outcome = vector.outcome
    let step = outcome.step(of: 0)
    let next = Int((step.endsEpisode ? outcome.finalObservations : outcome.observations)[0])

    nextAction = -1
    var worth = 0.0
    if !step.terminated {
      switch configuration.algorithm {
      case .qLearning: worth = best(in: next).value
      case .sarsa:
        let following = choose(in: next, epsilon, &random)
        worth = values[next * actionCount + following]
        if !step.endsEpisode { nextAction = following }
      case .expectedSarsa:
        let row = values[next * actionCount..<(next + 1) * actionCount]
        worth =
          (1 - epsilon) * best(in: next).value
          + epsilon * row.reduce(0, +) / Double(actionCount)
      }
    }
    let place = state * actionCount + action
    visits[place] += 1
    let error = step.reward + step.discount(configuration.discount) * worth - values[place]
    let rate = configuration.learningRate / .pow(Double(visits[place]), configuration.decay)
    values[place] += rate * error
    episodes.add(step.reward, of: 0, endsEpisode: step.endsEpisode)
    return error
  }

  private func choose(in state: Int, _ epsilon: Double, _ random: inout RandomStream) -> Int {
    random.uniformDouble() < epsilon
      ? random.integer(below: actionCount) : best(in: state).action
  }

  /// The best action in a state, the first of equal ones.
  private func best(in state: Int) -> (action: Int, value: Double) {
    var (best, start) = (0, state * actionCount)
    for action in 1..<actionCount where values[start + action] > values[start + best] {
      best = action
    }
    return (best, values[start + best])
  }

  // MARK: State

  /// The table stands for a network of one layer.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: [
        .init(path: "values", kind: "Table", outputShape: [actionCount], parameters: values.count)
      ])
  }

  /// The table, the visits, the environment and the episodes at work.
  public func state() -> [TensorRecord] {
    let shape = [stateCount, actionCount]
    return episodes.records + [
      TensorRecord(name: "values", shape: shape, values: values),
      TensorRecord(name: "visits", shape: shape, values: visits),
      TensorRecord(name: "nextAction", values: [Int64(nextAction)]),
      TensorRecord(name: "environments", values: Array(vector.state.text().utf8)),
    ]
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    let table = RecordTable(records)
    values = try table.values(named: "values", count: values.count) { $0.isFinite }
    visits = try table.values(named: "visits", count: visits.count) { 0..<Int64.max ~= $0 }
    nextAction = Int(
      try table.values(named: "nextAction", count: 1) { -1..<Int64(actionCount) ~= $0 }[0])
    try episodes.restore(table)
    try vector.restore(JSON.decode(table.values(named: "environments"), path: "checkpoint"))
  }
}

extension TabularLearner: ActingModel {
  /// Where it learnt to act.
  public var environment: EnvironmentChoice { agentEnvironment.choice }

  /// The best actions in states, `count` of them.
  public mutating func actions(for rows: [Float], count: Int) -> [Int] {
    agent(rows, count).actions
  }

  /// Measures episodes of the best actions.
  public mutating func evaluate() throws -> Metrics { try evaluation.measure(agent) }

  /// Writes the episodes of an evaluation, one of them as an animation.
  public mutating func export(to exports: Exports) throws {
    try evaluation.export(to: exports, agent)
  }

  private func agent(_ rows: [Float], _ count: Int) -> (actions: [Int], values: [Float]) {
    let chosen = rows.map { best(in: Int($0)) }
    return (chosen.map(\.action), chosen.map { Float($0.value) })
  }
}
