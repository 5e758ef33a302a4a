import Experiments
import FeatureNetworks
import FileFormats
import StyleTransfer
import Testing

/// A small network that learns the first layers of SqueezeNet, with random weights, from sprites and
/// drawn pictures.
@Suite struct FeatureDistillationTests {
  private func configuration() -> DistillationConfiguration {
    var configuration = DistillationConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 20
    configuration.drawings = false
    configuration.teacher.source.network = .squeezeNet
    configuration.teacher.layers = ["relu1", "fire2"]
    configuration.batchSize = 2
    configuration.cropSize = 32
    configuration.testCrops = 8
    return configuration
  }

  private func experiment(threads: Int = 1) throws -> FeatureDistillation {
    try FeatureDistillation(configuration(), in: RunContext(seed: 1, threads: threads))
  }

  @Test("more of the teacher is explained with every step, at each of its layers")
  func learns() throws {
    var experiment = try experiment(threads: 2)
    let before = try experiment.evaluate()
    for number in 0..<40 { #expect(try experiment.step(number).firstNonFinite == nil) }
    let after = try experiment.evaluate()
    for name in ["explained", "explained.relu1", "explained.fire2"] {
      #expect(try #require(after[name]) > 0.3)
      #expect(try #require(after[name]) > (try #require(before[name])) + 0.1)
    }
    let (loss, explained) = (try #require(after["loss"]), try #require(after["explained"]))
    #expect(abs(loss + explained - 1) < 1e-6)
  }

  @Test("a run that is resumed ends with the same bytes, whatever the threads")
  func resumes() throws {
    var whole = try experiment()
    for number in 0..<4 { _ = try whole.step(number) }
    var first = try experiment(threads: 2)
    for number in 0..<2 { _ = try first.step(number) }
    _ = try first.evaluate()
    var resumed = try experiment()
    try resumed.restore(first.state())
    for number in 2..<4 { _ = try resumed.step(number) }
    #expect(resumed.state() == whole.state())
  }

  @Test("a checkpoint holds the student and its heads, not the teacher")
  func state() throws {
    let names = try experiment().state().map(\.name)
    #expect(names.contains("student.conv1_1.weight") && names.contains("heads.1.weight"))
    #expect(!names.contains { $0.hasPrefix("teacher") })
  }

  @Test("keys that do not go together are told")
  func problems() {
    var configuration = configuration()
    configuration.cropSize = 48
    #expect(configuration.problems.map(\.key) == ["cropSize"])
    configuration.teacher.layers = ["relu9"]
    #expect(configuration.teacher.problems.map(\.key) == ["layers"])
    configuration.teacher.layers = ["relu1", "relu1"]
    #expect(configuration.teacher.problems.map(\.key) == ["layers"])
  }

  @Test("a file that holds no teacher is refused")
  func wrongTeacher() throws {
    var configuration = configuration()
    configuration.teacher.source.weights = "/nonexistent/teacher.safetensors"
    #expect(throws: FileError.self) {
      try FeatureDistillation(configuration, in: RunContext(seed: 1))
    }
  }
}
