import Classifiers
import Experiments
import Imaging
import Testing

/// A classifier of sprites by their shapes.
struct ImageClassifierTests {
  private func classifier(threads: Int = 1) throws -> ImageClassifier {
    var configuration = ClassifierConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 256
    configuration.batchSize = 32
    configuration.channels = [4, 8]
    configuration.features = 16
    configuration.dropout = 0.1
    configuration.mirrors = false
    configuration.optimizer.learningRate = 5e-3
    configuration.averageDecay = 0.9
    return try ImageClassifier(configuration, in: RunContext(seed: 1, threads: threads))
  }

  @Test func itLearnsToTellClassesApart() throws {
    var experiment = try classifier(threads: 2)
    let before = try #require(try experiment.evaluate()["loss"])
    for number in 0..<200 { #expect(try experiment.step(number).firstNonFinite == nil) }
    let after = try experiment.evaluate()
    #expect(try #require(after["loss"]) < 0.7 * before)
    #expect(try #require(after["accuracy"]) > 0.6)
  }

  @Test func itGoesOnWithTheSameBytes() throws {
    var whole = try classifier()
    for number in 0..<4 { _ = try whole.step(number) }
    var first = try classifier(threads: 2)
    for number in 0..<2 { _ = try first.step(number) }
    _ = try first.evaluate()
    var resumed = try classifier()
    try resumed.restore(first.state())
    for number in 2..<4 { _ = try resumed.step(number) }
    #expect(resumed.state() == whole.state())
  }

  @Test func imagesHaveFeaturesAndClasses() throws {
    var experiment = try classifier()
    let seen = try experiment.features(ofTraining: false, limit: 10)
    #expect(seen.count == 10 && seen.width == 16)
    for row in 0..<seen.count {
      let row = seen.probabilities[row * seen.classes..<(row + 1) * seen.classes]
      #expect(abs(row.reduce(0, +) - 1) < 1e-5)
    }
    #expect(throws: RunError.self) {
      try experiment.features(of: [.init(width: 8, height: 8, channels: 3, filledWith: .white)])
    }
  }
}
