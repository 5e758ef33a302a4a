import DeepQLearning
import Experiments
import Testing

struct TabularTests {
  static func learner(
    _ change: (inout TabularConfiguration) -> Void
  ) throws -> TabularLearner {
    var configuration = TabularConfiguration()
    configuration.environment = "CliffWalking-v1"
    configuration.exploration.end = 0.1
    configuration.exploration.steps = 5000
    change(&configuration)
    return try TabularLearner(configuration, in: RunContext(seed: 3))
  }

  @Test func findsTheShortestWayAlongTheCliff() throws {
    var learner = try Self.learner { _ in }
    try learner.train(0..<300)
    let metrics = try learner.evaluate()
    #expect(metrics["return"] == -13)
    #expect(metrics["gap"] == 0)
  }

  /// Sutton and Barto, "Reinforcement learning: an introduction", 2018, example 6.6: on the way that
  /// it explores, SARSA keeps away from the cliff.
  @Test(arguments: [TabularConfiguration.Algorithm.sarsa, .expectedSarsa])
  func sarsaKeepsAwayFromTheCliff(algorithm: TabularConfiguration.Algorithm) throws {
    var learner = try Self.learner {
      $0.algorithm = algorithm
      $0.discount = 1
      $0.learningRate = 0.3
    }
    try learner.train(0..<600)
    let found = try #require(try learner.evaluate()["return"])
    #expect(-20 ... -14 ~= found)
  }

  @Test(arguments: TabularConfiguration.Algorithm.allCases)
  func goesOnFromASavedStateToTheBit(algorithm: TabularConfiguration.Algorithm) throws {
    var whole = try Self.learner { $0.algorithm = algorithm }
    var first = try Self.learner { $0.algorithm = algorithm }
    let metrics = try whole.train(0..<20)
    try first.train(0..<7)
    var second = try Self.learner { $0.algorithm = algorithm }
    try second.restore(first.state())
    #expect(try second.train(7..<20) == Array(metrics[7...]))
    #expect(second.state() == whole.state())
  }

  @Test func refusesStatesThatAreNotNumbered() {
    #expect(throws: RunError.self) { try Self.learner { $0.environment = "CartPole-v1" } }
  }
}
