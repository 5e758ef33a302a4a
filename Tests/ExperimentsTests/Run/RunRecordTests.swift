import Experiments
import FileFormats
import Testing

@Suite struct RunRecordTests {
  @Test func aRunLeavesEverythingInItsFolder() throws {
    let workshop = Workshop()
    let folder = try workshop.begin(["train.epochs=4", "train.exportEvery=3"]).folder
    let names = try folder.files().map { String($0.dropFirst(folder.path.count + 1)) }
    #expect(
      names == [
        // The best, and the last two.
        "checkpoints/step-000004.safetensors", "checkpoints/step-000012.safetensors",
        "checkpoints/step-000016.safetensors",
        "images/losses.png", "images/losses.svg", "images/p.csv", "images/place.png",
        "images/epoch-0003/p.csv", "images/epoch-0003/place.png",
      ])
    let table = String(decoding: try Files.read(folder.images + "/p.csv"), as: UTF8.self)
    #expect(table.hasPrefix("x,\"y,z\"\n"))
    #expect(table.hasSuffix("\"\"\"\n"))
    let log = String(decoding: try Files.read(folder.log), as: UTF8.self)
    #expect(log.contains("at the start"))
    #expect(log.contains("descent-001  seed 1  3 parameters  16 steps"))
  }

  @Test func theMetricsAreMeansOfTheirSteps() throws {
    let workshop = Workshop()
    let whole = try workshop.begin(["train.epochs=1", "train.logEvery=1"]).folder
    let means = try workshop.begin(["train.epochs=1", "train.logEvery=3"]).folder
    let single = try MetricsLine.read(whole).filter { $0.kind == .train }
    let lines = try MetricsLine.read(means)
    #expect(lines.map(\.step) == [3, 4, 4])
    #expect(lines.map(\.kind) == [.train, .train, .evaluation])
    #expect(lines.allSatisfy { $0.epoch == 1 })
    let losses = single.compactMap { $0.metrics["loss"] }
    #expect(lines[0].metrics["loss"] == losses[0...2].reduce(0, +) / 3)
    // The speed is measured at every other step only.
    let speeds = single.compactMap { $0.metrics["speed"] }
    #expect(lines[0].metrics["speed"] == speeds[0...1].reduce(0, +) / 2)
    #expect(lines[1].metrics["speed"] == nil)
  }

  @Test func aHalfWrittenLastLineIsLeftOutAndABrokenOneIsNot() throws {
    let workshop = Workshop()
    let folder = try workshop.begin(["train.epochs=2"]).folder
    let lines = try MetricsLine.read(folder)
    let bytes = try Files.read(folder.metrics)
    try DurableFile.write(Array(bytes.dropLast(3)), to: folder.metrics)
    #expect(try MetricsLine.read(folder) == Array(lines.dropLast()))
    try DurableFile.write(Array("{]\n".utf8) + bytes, to: folder.metrics)
    let error = #expect(throws: FileError.self) { try MetricsLine.read(folder) }
    #expect(error?.place == "line 1")
  }

  @Test func aRunWhoseOwnerIsGoneWasKilled() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    let folder = RunFolder(path: workshop.outputs + "/descent-001")
    #expect(try RunSummary(folder).record.status == .failed)
    let text = String(decoding: try Files.read(folder.record), as: UTF8.self)
      .replacing(#""status": "failed""#, with: #""status": "running""#)
    try DurableFile.write(Array(text.utf8), to: folder.record)
    do {
      let lock = try FolderLock(folder.path)
      #expect(try RunSummary(folder).record.status == .running)
      #expect(throws: RunError.self) { try RunSummary.newestUnfinished(in: workshop.outputs) }
      withExtendedLifetime(lock) {}
    }
    // The lock's file names this process, which is alive, but does not hold it any more.
    #expect(try RunSummary(folder).record.status == .killed)
    #expect(try RunSummary.newestUnfinished(in: workshop.outputs).folder == folder)
  }

  @Test func theRecordReadsBackAsItWasWritten() throws {
    let workshop = Workshop()
    let result = try workshop.begin(["train.epochs=1", "train.seed=7"])
    let record = try RunRecord.read(result.folder)
    #expect(record == result.record)
    #expect(record.seed == 7)
    #expect(record.evaluation["loss"] != nil)
    #expect(record.sources == [.init(name: "nothing", sha256: "0")])
    try DurableFile.write(Array("{}".utf8), to: result.folder.record)
    let error = #expect(throws: FileError.self) { try RunRecord.read(result.folder) }
    #expect(error?.problem == .damaged)
  }

  @Test func runsAreFoundByNameAndByFolder() throws {
    let workshop = Workshop()
    let folder = try workshop.begin(["train.epochs=1"]).folder
    #expect(try RunSummary.find("descent-001", in: workshop.outputs).folder == folder)
    #expect(try RunSummary.find(folder.path + "/", in: "elsewhere").folder == folder)
    let error = #expect(throws: RunError.self) {
      try RunSummary.find("descnt-001", in: workshop.outputs)
    }
    #expect(error?.kind == .notFound)
    #expect(error?.hint == "did you mean 'descent-001'?")
    #expect(try RunSummary.all(in: workshop.path + "/nowhere").isEmpty)
  }

  @Test func aDescriptionSaysWhatIsSetWhereAndWhatItIsMadeOf() throws {
    let workshop = Workshop()
    let report = try workshop.studio.describe(
      workshop.file("module: descent\nsummary: A walk.\nlearningRate: 0.2\n"),
      overrides: ["train.epochs=5"], settings: workshop.settings())
    #expect(report.summary == "A walk.")
    #expect(report.steps == 20)
    let rate = try #require(report.keys.first { $0.schema.key == "learningRate" })
    #expect(rate.value == "0.2")
    #expect(rate.origin.hasSuffix("descent.yaml:3"))
    #expect(report.keys.first { $0.schema.key == "train.epochs" }?.origin == "override")
    #expect(report.secondsPerStep > 0)
    #expect(report.json["secondsPerStep"] == .number(report.secondsPerStep))
    #expect(report.json["parameters"] == 3)
    #expect(
      report.json["programs"] == [
        ["name": "step", "flops": 18, "bytesMoved": 96, "memoryBytes": 48]
      ])
    // It makes no workspace.
    #expect(report.json["memoryGrowth"] == .null)
    #expect(report.json["units"]?["loss"] == "square metres")
  }

  @Test func theRunnersKeysAreWellDeclared() {
    #expect(
      configurationFaults(of: RunConfiguration<TrainingConfiguration, Descent.Configuration>.self)
        .isEmpty)
  }

  @Test func anUnknownModuleIsNamedWithTheNearest() throws {
    let workshop = Workshop()
    let file = try workshop.file("module: decsent\n")
    let error = #expect(throws: ConfigurationError.self) { try workshop.studio.module(of: file) }
    #expect(error?.description.contains("did you mean 'descent'?") == true)
  }

  @Test func aStepLimitShortensEveryPhase() throws {
    let workshop = Workshop()
    let result = try workshop.begin(["train.epochs=2", "train.stepLimit=1", "train.logEvery=1"])
    #expect(result.record.step == 2)
    #expect(try MetricsLine.read(result.folder).count == 4)
  }
}
