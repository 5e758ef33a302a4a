import Environments
import Experiments
import Imaging
import Randomness

/// How an agent is measured, apart from training: episodes of its best actions, the same first states
/// each time.
struct GreedyEvaluation {
  /// The best actions for rows of observations, and what they are estimated to be worth.
  typealias Agent = (_ rows: [Float], _ count: Int) throws -> (actions: [Int], values: [Float])

  let environment: AgentEnvironment
  let settings: EvaluationConfiguration
  let discount: Double
  /// Whether estimates are of rewards as they are.
  let comparesEstimates: Bool
  let stop: StopRequest
  private let bestReturn: Double?

  init(
    of environment: AgentEnvironment, _ settings: EvaluationConfiguration, discount: Double,
    comparesEstimates: Bool = true, stop: StopRequest
  ) {
    self.environment = environment
    self.settings = settings
    self.discount = discount
    self.comparesEstimates = comparesEstimates
    self.stop = stop
    bestReturn = environment.bestReturn
  }

  /// Returns and lengths; how far the first estimates are above what came; where the best return is
  /// known, how far the agent's is from it, which is then computed, not estimated by episodes.
  func measure(_ agent: Agent) throws -> Metrics {
    let (episodes, estimates) = try play(agent)
    let count = Double(episodes.count)
    let value = estimates.reduce(0) { $0 + Double($1) } / count
    var metrics: Metrics = [
      "return": episodes.meanReturn, "deviation": episodes.returnDeviation,
      "length": Double(episodes.map(\.steps).reduce(0, +)) / count, "value": value,
    ]
    if comparesEstimates {
      let realized = episodes.map(\.discountedReward).reduce(0, +) / count
      metrics.append("overestimation", value - realized)
    }
    if let bestReturn, let table = environment.table {
      let states = (0..<table.stateCount).map { Float($0) }
      let expected = ValueIteration.expectedReturn(
        of: try agent(states, states.count).actions, in: table,
        within: environment.maxEpisodeSteps ?? settings.stepLimit)
      metrics.append("expected", expected)
      metrics.append("gap", bestReturn - expected)
    }
    return metrics
  }

  /// Writes the episodes as a table, and one of them as an animation.
  func export(to exports: Exports, _ agent: Agent) throws {
    let episodes = try play(agent).episodes
    try exports.write(
      columns: ["episode", "return", "steps", "terminated", "truncated"],
      rows: episodes.enumerated().map { number, episode in
        [
          "\(number + 1)", "\(episode.totalReward)", "\(episode.steps)", "\(episode.terminated)",
          "\(episode.truncated)",
        ]
      }, named: "episodes")
    let vector = environment.vector(count: 1, autoreset: .nextStep)
    var animation = GIF(delay: max(2, 100 / vector.framesPerSecond))
    _ = try vector.playEpisodes(
      seed: environment.seed(of: "evaluation"), stepLimit: Self.shownSteps,
      look: { _ in animation.append(vector.render(0)) }
    ) { outcome in
      try stop.check()
      return try agent(outcome.observations, 1).actions
    }
    try exports.write(animation, named: "episode")
  }

  /// Steps of the animation at most.
  private static let shownSteps = 300

  private func play(_ agent: Agent) throws -> (episodes: [Episode], estimates: [Float]) {
    let vector = environment.vector(count: settings.episodes, autoreset: .nextStep)
    var random = RandomStream(seed: environment.seed, name: "evaluation actions")
    var estimates: [Float]?
    let episodes = try vector.playEpisodes(
      seed: environment.seed(of: "evaluation"), stepLimit: settings.stepLimit, discount: discount
    ) { outcome in
      try stop.check()
      var (actions, values) = try agent(outcome.observations, settings.episodes)
      estimates = estimates ?? values
      if settings.epsilon > 0 {
        for index in actions.indices where random.uniformDouble() < settings.epsilon {
          actions[index] = random.integer(below: environment.actionCount)
        }
      }
      return actions
    }
    return (episodes, estimates ?? [])
  }
}
