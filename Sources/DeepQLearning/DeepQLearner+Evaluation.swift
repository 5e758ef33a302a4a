import Environments
import Experiments
import Imaging
import Randomness
import TensorEngine

extension DeepQLearner: ActingModel {
  /// Where it learnt to act.
  public var environment: EnvironmentChoice {
    EnvironmentChoice(
      id: configuration.environment, options: configuration.environmentOptions,
      stack: configuration.replay.frameStack)
  }

  /// The best actions for rows of observations, `count` of them.
  public mutating func actions(for rows: [Float], count: Int) -> [Int] {
    best(for: rows, count: count).actions
  }

  private func best(for rows: [Float], count: Int) -> (actions: [Int], values: [Float]) {
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

  // MARK: Evaluation

  /// The agent's episodes with the best actions, the same first states each time; how far its first
  /// estimates are above what came; how far its returns are from the best there is, where that is
  /// known.
  public mutating func evaluate() throws -> Metrics {
    let (episodes, estimates) = try playEvaluation()
    let count = Double(episodes.count)
    let mean = episodes.map(\.totalReward).reduce(0, +) / count
    let variance =
      episodes.map { ($0.totalReward - mean) * ($0.totalReward - mean) }.reduce(0, +) / count
    let value = estimates.reduce(0) { $0 + Double($1) } / count
    var metrics: Metrics = [
      "return": mean, "deviation": variance.squareRoot(),
      "length": Double(episodes.map(\.steps).reduce(0, +)) / count, "value": value,
    ]
    if !configuration.clipsRewards {
      metrics.append(
        "overestimation", value - episodes.map(\.discountedReward).reduce(0, +) / count)
    }
    if let bestReturn { metrics.append("gap", bestReturn - mean) }
    return metrics
  }

  private func playEvaluation() throws -> (episodes: [Episode], estimates: [Float]) {
    let settings = configuration.evaluation
    let vector = try Self.vector(configuration, count: settings.episodes, autoreset: .nextStep)
    var estimates: [Float]?
    var (time, random) = (0, RandomStream(seed: seed, name: "evaluation actions"))
    let episodes = try vector.playEpisodes(
      seed: Self.environmentSeed(seed, "evaluation"), stepLimit: settings.stepLimit,
      discount: configuration.discount
    ) { outcome in
      try stop.check()
      var (actions, values) = best(for: outcome.observations, count: settings.episodes)
      estimates = estimates ?? values
      if settings.epsilon > 0, case .discrete(let count, _) = vector.actionSpace {
        for index in actions.indices where random.uniformDouble() < settings.epsilon {
          actions[index] = random.integer(below: count)
        }
      }
      time += 1
      return actions
    }
    return (episodes, estimates ?? [])
  }

  /// Writes the episodes of an evaluation as a table, and one of them as an animation.
  public mutating func export(to exports: Exports) throws {
    let episodes = try playEvaluation().episodes
    try exports.write(
      columns: ["episode", "return", "steps", "terminated", "truncated"],
      rows: episodes.enumerated().map { number, episode in
        [
          "\(number + 1)", "\(episode.totalReward)", "\(episode.steps)", "\(episode.terminated)",
          "\(episode.truncated)",
        ]
      }, named: "episodes")
    let vector = try Self.vector(configuration, count: 1, autoreset: .nextStep)
    var animation = GIF(delay: max(2, 100 / vector.framesPerSecond))
    _ = try vector.playEpisodes(
      seed: Self.environmentSeed(seed, "evaluation"), stepLimit: Self.shownSteps,
      look: { _ in animation.append(vector.render(0)) }
    ) { outcome in
      try stop.check()
      return best(for: outcome.observations, count: 1).actions
    }
    try exports.write(animation, named: "episode")
  }

  /// Steps of the animation at most.
  private static var shownSteps: Int { 300 }

  // MARK: Environments

  /// The catalogue's entry of the environment.
  static func spec(_ configuration: DQNConfiguration) throws -> EnvironmentSpec {
    guard let spec = EnvironmentCatalog.spec(configuration.environment) else {
      let near = nearest(
        to: configuration.environment, in: EnvironmentCatalog.specs.map(\.id))
      throw RunError(
        .unsuitable, "there is no environment '\(configuration.environment)'",
        hint: near.map { "did you mean '\($0)'?" } ?? "'atelier env list' names them all")
    }
    return spec
  }

  /// Environments side by side.
  static func vector(
    _ configuration: DQNConfiguration, count: Int, autoreset: AutoresetMode
  ) throws -> VectorEnvironment<Int> {
    do {
      let vector = try spec(configuration).makeVector(
        configuration.environmentOptions,
        VectorLayout(
          count: count, autoreset: autoreset, stack: configuration.replay.frameStack),
        of: Int.self)
      guard let vector else {
        throw RunError(
          .unsuitable, "\(configuration.environment) takes numbers for actions",
          hint: "a deep Q-network chooses one of several actions")
      }
      return vector
    } catch let error as EnvironmentError {
      throw RunError(.unsuitable, error.description, hint: "see 'environmentOptions'")
    }
  }

  /// The seed of environments, which only the run's own seed decides.
  static func environmentSeed(_ seed: UInt64, _ name: String) -> UInt64 {
    var random = RandomStream(seed: seed, name: name)
    return UInt64(random.nextWord())
  }
}
