import Experiments
import FileFormats
import Testing

/// What may change between two sessions of a run, and what is refused.
@Suite struct ChangedRunTests {
  @Test func moreEpochsAreTakenAndWrittenDown() throws {
    let workshop = Workshop()
    let first = try workshop.begin(["train.epochs=2", "learningRate=0.05"])
    let metrics = try Files.read(first.folder.metrics)
    let yaml = String(decoding: try Files.read(first.folder.configuration), as: UTF8.self)
    let second = try workshop.resume("descent-001", ["train.epochs=4"])
    #expect(second.record.steps == 16)
    #expect(second.record.epochs == 4)
    #expect(try Files.read(first.folder.metrics).starts(with: metrics))
    #expect(try workshop.savedSteps().last == 16)
    // The other lines keep their origins.
    let grown = String(decoding: try Files.read(first.folder.configuration), as: UTF8.self)
    #expect(grown == yaml.replacing("epochs: 2  # override", with: "epochs: 4  # resume"))
    #expect(try workshop.resume("descent-001").record.epochs == 4)
  }

  @Test func whatNoResultDependsOnMayChange() throws {
    let reference = Workshop()
    try reference.begin(["train.epochs=3", "train.checkpointEvery=3", "train.keep=9"])
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    try workshop.resume(nil, ["train.checkpointEvery=3", "train.keep=9", "train.exportEvery=3"])
    #expect(try workshop.savedSteps().suffix(3) == [6, 9, 12])
    let (ours, theirs) = (try workshop.results(), try reference.results())
    #expect(ours["/metrics.jsonl"] == theirs["/metrics.jsonl"])
    let yaml = String(
      decoding: try Files.read(workshop.outputs + "/descent-001/config.yaml"), as: UTF8.self)
    #expect(yaml.contains("\n  checkpointEvery: 3  # resume\n"))
    #expect(yaml.contains("\n  keep: 9  # resume\n"))
  }

  @Test(arguments: [
    (["learningRate=0.5"], "learningRate: 0.1 -> 0.5"),
    (["train.epochs=1"], "train.epochs: 3 -> 1"),
    (["train.epochs=9", "train.seed=2"], "train.seed: 1 -> 2"),
  ])
  func otherChangesAreRefusedByName(overrides: [String], change: String) throws {
    for trouble in [Descent.Trouble.crash(step: 2), .crash(step: 6)] {
      let workshop = Workshop()
      _ = try? workshop.begin(["train.epochs=3"], trouble: trouble)
      let error = #expect(throws: RunError.self) { try workshop.resume(nil, overrides) }
      #expect(error?.kind == .changedConfiguration)
      #expect(error?.message.contains(change) == true)
    }
  }

  @Test func anEditedConfigurationIsRefused() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    let path = workshop.outputs + "/descent-001/config.yaml"
    let yaml = String(decoding: try Files.read(path), as: UTF8.self)
    let edited = yaml.replacing("learningRate: 0.1", with: "learningRate: 0.2")
    try DurableFile.write(Array(edited.utf8), to: path)
    let error = #expect(throws: RunError.self) { try workshop.resume() }
    #expect(error?.message.contains("learningRate: 0.1 -> 0.2") == true)
  }

  @Test func otherDataAreRefused() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    let error = #expect(throws: RunError.self) { try workshop.resume(trouble: .otherData) }
    #expect(error?.kind == .damaged)
    #expect(error?.message.contains("nothing changed") == true)
  }

  @Test func dataAreFoundWhereTheRunBeganWithThem() throws {
    let workshop = Workshop()
    var settings = workshop.settings()
    settings.dataFolder = "somewhere"
    let begun = try workshop.studio.begin(
      workshop.file(), overrides: ["train.epochs=1"], in: workshop.outputs, settings: settings)
    #expect(begun.record.sources.map(\.name) == ["somewhere"])
    let resumed = try workshop.resume("descent-001", ["train.epochs=2"])
    #expect(resumed.record.dataFolder == "somewhere")
    _ = try workshop.studio.open(resumed.folder, settings: workshop.settings())
    settings.dataFolder = "elsewhere"
    #expect(throws: RunError.self) {
      try workshop.studio.open(resumed.folder, settings: settings)
    }
  }

  @Test func aRunHasOneOwner() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    let lock = try FolderLock(workshop.outputs + "/descent-001")
    let error = withExtendedLifetime(lock) {
      #expect(throws: FileError.self) { try workshop.resume() }
    }
    #expect(error?.problem == .busy)
    // 'in use by process 123 on host since 2026-11-21T23:43:05Z'
    #expect(error?.message.contains(/in use by process \d+ on \S+$/) == true)
  }

  @Test func runsThatBeginTogetherGetFoldersOfTheirOwn() async throws {
    let workshop = Workshop()
    let file = try workshop.file()
    let names = try await withThrowingTaskGroup { group in
      for _ in 0..<12 {
        group.addTask {
          try workshop.studio.begin(
            file, overrides: ["train.epochs=1"], in: workshop.outputs,
            settings: workshop.settings()
          ).folder.name
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(names.count == 12)
    #expect(try Files.names(in: workshop.outputs).count == 12)
  }
}
