import Classifiers
import Experiments
import Testing

/// What a classifier is trained by, and what is warned of.
@Suite struct ClassifierLossTests {
  private func losses(
    _ loss: ClassifierLoss, _ activation: LastActivation = .none, smoothing: Double = 0,
    steps: Int = 200
  ) throws -> (first: Double, last: Double, evaluation: Metrics) {
    var configuration = ClassifierConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 256
    configuration.batchSize = 32
    configuration.channels = [4, 8]
    configuration.features = 16
    configuration.dropout = 0
    configuration.mirrors = false
    configuration.optimizer.learningRate = 5e-3
    configuration.averageDecay = 0.9
    configuration.judgement.loss = loss
    configuration.judgement.lastActivation = activation
    configuration.judgement.labelSmoothing = smoothing
    var experiment = try ImageClassifier(configuration, in: RunContext(seed: 1))
    let first = try experiment.step(0)
    var last = first
    for number in 1..<steps {
      last = try experiment.step(number)
      #expect(last.firstNonFinite == nil)
    }
    return (
      try #require(first["loss"]), try #require(last["loss"]), try experiment.evaluate()
    )
  }

  @Test(arguments: [
    (ClassifierLoss.binary, LastActivation.none), (.squaredError, .softmax),
    (.squaredError, .sigmoid), (.hinge, .none), (.hinge, .tanh),
  ])
  func everyLossTeaches(loss: ClassifierLoss, activation: LastActivation) throws {
    let found = try losses(loss, activation)
    #expect(found.last < 0.8 * found.first)
    // Of three classes.
    #expect(try #require(found.evaluation["accuracy"]) > 0.45)
  }

  @Test func smoothedTargetsAreLearntMoreTimidly() throws {
    // Smoothed targets have an entropy that their loss cannot be less than.
    let (plain, soft) = (try losses(.crossEntropy), try losses(.crossEntropy, smoothing: 0.5))
    #expect(plain.first != soft.first)
    #expect(plain.last < soft.last)
    #expect(soft.last > 0.5)
  }

  @Test func fiveGuessesAreMeasuredOfMoreClassesThanFive() throws {
    #expect(try losses(.crossEntropy, steps: 2).evaluation["top5"] == nil)
    #expect(ImageClassifier.goals["top5"] == .more)
  }

  @Test func whatContradictsTheTableIsWarnedOf() {
    func warned(_ loss: ClassifierLoss, _ activation: LastActivation) -> [String] {
      var configuration = ClassifierConfiguration()
      configuration.judgement.loss = loss
      configuration.judgement.lastActivation = activation
      return configuration.judgement.warnings.map(\.key)
    }
    for loss in [ClassifierLoss.crossEntropy, .binary] {
      #expect(warned(loss, .none).isEmpty)
      for activation in [LastActivation.softmax, .sigmoid, .tanh] {
        #expect(warned(loss, activation) == ["lastActivation"])
      }
    }
    #expect(warned(.squaredError, .softmax) == ["loss"])
    #expect(warned(.squaredError, .none) == ["loss", "lastActivation"])
    #expect(warned(.hinge, .none).isEmpty && warned(.hinge, .tanh).isEmpty)
    #expect(warned(.hinge, .sigmoid) == ["lastActivation"])
    #expect(configurationFaults(of: ClassifierConfiguration.self).isEmpty)
  }
}
