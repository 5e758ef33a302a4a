import Classifiers
import Experiments
import FileFormats
import Testing

@Suite struct FineTuningTests {
  private func configuration() -> FineTuningConfiguration {
    var configuration = FineTuningConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 512
    configuration.batchSize = 16
    configuration.channels = [4, 8]
    configuration.features = 16
    configuration.baseSteps = 3
    configuration.headSteps = 3
    configuration.imagesPerClass = 20
    configuration.epochSteps = 3
    return configuration
  }

  private func fineTuning(
    _ configuration: FineTuningConfiguration, threads: Int = 1
  ) throws -> FineTuning {
    try FineTuning(configuration, in: RunContext(seed: 1, threads: threads))
  }

  /// The records whose names begin so.
  private func part(_ experiment: FineTuning, _ name: String) -> [TensorRecord] {
    experiment.state().filter { $0.name.hasPrefix("\(name).") }
  }

  @Test func keysAreWellDeclared() {
    #expect(configurationFaults(of: FineTuningConfiguration.self).isEmpty)
    #expect(configurationFaults(of: ClassifierConfiguration.self).isEmpty)
  }

  @Test func eachStageChangesItsPartsAlone() throws {
    var experiment = try fineTuning(configuration())
    let parts = ["base.body", "base.features", "base.head", "head"]
    /// The parts that three steps change.
    func changed(from number: Int) throws -> [String] {
      let before = parts.map { part(experiment, $0) }
      #expect(before.allSatisfy { !$0.isEmpty })
      for number in number..<number + 3 { _ = try experiment.step(number) }
      return zip(parts, before).filter { part(experiment, $0) != $1 }.map { $0.0 }
    }
    #expect(try changed(from: 0) == ["base.body", "base.features", "base.head"])
    #expect(try changed(from: 3) == ["head"])
    let statistics = part(experiment, "base.features").filter { $0.name.contains("unning") }
    #expect(try changed(from: 6) == ["base.features", "head"])
    // Running statistics are the base's own in every stage but its.
    #expect(!statistics.isEmpty)
    #expect(part(experiment, "base.features").filter { $0.name.contains("unning") } == statistics)
  }

  @Test func descriptionsTellWhatIsFrozen() throws {
    let programs = try fineTuning(configuration()).describe().programs
    let updates = programs.compactMap { program in
      program.freezing.map { freezing in
        (program.name, freezing.networks.filter { $0.updates > 0 }.map(\.name))
      }
    }
    #expect(updates.map(\.0) == ["base step", "head step", "top step"])
    #expect(
      updates.map(\.1) == [
        ["base.body", "base.features", "base.head"], ["head"], ["base.features", "head"],
      ])
    let saved = programs.dropFirst().compactMap { program in
      program.freezing?.share(ofFlops: program.flops)
    }
    #expect(saved.allSatisfy { $0 > 0.2 })
  }

  @Test func itGoesOnWithTheSameBytesInEveryStage() throws {
    var whole = try fineTuning(configuration(), threads: 2)
    for number in 0..<9 { _ = try whole.step(number) }
    for stop in [2, 3, 5, 6, 7] {
      var first = try fineTuning(configuration())
      for number in 0..<stop { _ = try first.step(number) }
      var resumed = try fineTuning(configuration())
      try resumed.restore(first.state())
      for number in stop..<9 { _ = try resumed.step(number) }
      #expect(resumed.state() == whole.state())
    }
  }

  @Test func aBaseComesFromAFileToo() throws {
    var classifier = try ImageClassifier(
      ClassifierDataTests.configuration(), in: RunContext(seed: 3))
    _ = try classifier.step(0)
    let folder = TemporaryFolder()
    let path = folder.path + "/base.safetensors"
    try DurableFile.write(SafeTensors.encode(classifier.state()), to: path)
    var configuration = configuration()
    configuration.base = path
    var experiment = try fineTuning(configuration)
    func bytes(_ records: [TensorRecord], below name: String) -> [String: [UInt8]] {
      let named = records.filter { $0.name.hasPrefix("\(name).") }
        .map { (String($0.name.dropFirst(name.count)), $0.bytes) }
      return Dictionary(named) { first, _ in first }
    }
    let average = bytes(classifier.state(), below: "average.body")
    #expect(!average.isEmpty)
    #expect(bytes(experiment.state(), below: "base.body") == average)
    // There is no stage of the base then: the first step trains the head.
    let body = part(experiment, "base.body")
    let head = part(experiment, "head")
    _ = try experiment.step(0)
    #expect(part(experiment, "base.body") == body && part(experiment, "head") != head)
    #expect(experiment.describe().notes.contains { $0.text.contains("base.safetensors, SHA-256") })

    configuration.features = 17
    let error = #expect(throws: RunError.self) { try fineTuning(configuration) }
    #expect(error?.message.contains(path) == true)
    configuration.base = "/nowhere"
    #expect(throws: FileError.self) { try fineTuning(configuration) }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    for configure in [
      { $0.baseClasses = 4 }, { $0.imagesPerClass = 2 }, { $0.data.dataset = "scenes" },
    ] as [(inout FineTuningConfiguration) -> Void] {
      var configuration = configuration()
      configure(&configuration)
      #expect(throws: RunError.self) { try fineTuning(configuration) }
    }
    var configuration = configuration()
    configuration.baseClasses = 1
    #expect(configuration.problems.map(\.key) == ["baseClasses"])
  }

  @Test func itLearns() throws {
    var configuration = configuration()
    (configuration.data.imageLimit, configuration.imagesPerClass) = (1024, 200)
    (configuration.baseSteps, configuration.headSteps) = (60, 40)
    configuration.optimizer.learningRate = 5e-3
    configuration.topRate = 1
    configuration.dropout = 0
    var experiment = try fineTuning(configuration, threads: 2)
    let before = try #require(try experiment.evaluate()["loss"])
    for number in 0..<200 { _ = try experiment.step(number) }
    #expect(try #require(try experiment.evaluate()["loss"]) < 0.95 * before)
  }
}
