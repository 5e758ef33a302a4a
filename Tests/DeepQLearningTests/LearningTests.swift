import DeepQLearning
import Experiments
import FileFormats
import NeuralNetworks
import Testing

/// Variants of the agent, each tried on the game of catching a ball.
enum Variant: String, CaseIterable {
  case plain, double, dueling, steps, prioritized, noisy, categorical, quantile, munchausen, soft
  case stacked, side, squares, holding, rainbow

  var configuration: DQNConfiguration {
    var configuration = DQNConfiguration()
    configuration.environment = "Catch-v0"
    configuration.learningStarts = 200
    configuration.trainEvery = 4
    configuration.batchSize = 32
    configuration.targetEvery = 100
    configuration.optimizer.learningRate = 2e-3
    configuration.exploration.steps = 2000
    configuration.replay.capacity = 4000
    configuration.network.hidden = [32]
    configuration.network.least = -1
    configuration.network.greatest = 1
    configuration.network.atoms = 11
    configuration.evaluation.episodes = 40
    switch self {
    case .plain: break
    case .double: configuration.target.double = true
    case .dueling: configuration.network.dueling = true
    case .steps: configuration.target.steps = 4
    case .prioritized: configuration.replay.prioritized = true
    case .noisy: configuration.network.noisy = true
    case .categorical: configuration.network.distribution = .categorical
    case .quantile: configuration.network.distribution = .quantile
    case .munchausen: configuration.target.munchausen = true
    case .soft: (configuration.targetEvery, configuration.targetRate) = (4, 0.05)
    case .stacked: configuration.replay.frameStack = 2
    case .side: configuration.environments = 4
    case .squares: configuration.loss = .mse
    case .holding: configuration.exploration.holds = true
    case .rainbow:
      configuration.target.double = true
      configuration.target.steps = 3
      configuration.network.dueling = true
      configuration.network.noisy = true
      configuration.network.distribution = .categorical
      configuration.replay.prioritized = true
      configuration.gradientNorm = 10
    }
    return configuration
  }

  func learner(seed: UInt64 = 1, threads: Int = 1) throws -> DeepQLearner {
    try DeepQLearner(configuration, in: RunContext(seed: seed, threads: threads))
  }
}

extension Experiment {
  @discardableResult
  mutating func train(_ steps: Range<Int>) throws -> [Metrics] {
    try steps.map { try step($0) }
  }
}

struct LearningTests {
  @Test(arguments: Variant.allCases)
  func catchesTheBall(variant: Variant) throws {
    var learner = try variant.learner()
    // Rewards that the likelihood adds to take longer to tell apart.
    try learner.train(0..<(variant == .munchausen ? 4000 : 1500))
    let score = try #require(try learner.evaluate()["return"])
    #expect(score >= 0.9, "\(variant): \(score)")
  }

  @Test(arguments: Variant.allCases)
  func goesOnFromASavedStateToTheBit(variant: Variant) throws {
    var whole = try variant.learner()
    var first = try variant.learner()
    let metrics = try whole.train(0..<110)
    try first.train(0..<83)
    let file = SafeTensors.encode(first.state())
    var second = try variant.learner()
    try second.restore(SafeTensors.decode(file, path: "step-83.safetensors").records)
    #expect(try second.train(83..<110) == Array(metrics[83...]))
    #expect(second.state() == whole.state())
  }

  @Test(arguments: [Variant.plain, .rainbow])
  func givesTheSameBytesForASeedOnAnyNumberOfThreads(variant: Variant) throws {
    var one = try variant.learner(threads: 1)
    var two = try variant.learner(threads: 2)
    var other = try variant.learner(seed: 2)
    let metrics = try one.train(0..<80)
    #expect(try two.train(0..<80) == metrics)
    #expect(try other.train(0..<80) != metrics)
    #expect(two.state() == one.state())
    #expect(try two.evaluate() == one.evaluate())
  }

  @Test(arguments: [Variant.plain, .noisy])
  func isNotChangedByLookingAtIt(variant: Variant) throws {
    var learner = try variant.learner()
    try learner.train(0..<60)
    let before = learner.state()
    let first = try learner.evaluate()
    #expect(try learner.evaluate() == first)
    #expect(learner.state() == before)
  }

  @Test func refusesStatesOfOtherAgents() throws {
    var learner = try Variant.plain.learner()
    let before = learner.state()
    #expect(throws: WeightError.self) {
      try learner.restore(try Variant.side.learner().state())
    }
    #expect(throws: WeightError.self) { try learner.restore([]) }
    #expect(learner.state() == before)
  }

  @Test func refusesEnvironmentsThatDoNotSuit() {
    func refusal(_ change: (inout DQNConfiguration) -> Void) -> String {
      var configuration = DQNConfiguration()
      change(&configuration)
      do {
        _ = try DeepQLearner(configuration, in: RunContext(seed: 1))
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(refusal { $0.environment = "Cartpole-v1" }.contains("did you mean 'CartPole-v1'?"))
    #expect(refusal { $0.environment = "Pendulum-v1" }.contains("actions to choose from"))
    #expect(refusal { $0.environmentOptions = ["wind=1"] }.contains("wind"))
    #expect(refusal { $0.network.channels = [4] }.contains("no pictures"))
  }
}
