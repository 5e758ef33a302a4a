import Experiments
import FileFormats
import Randomness
import Testing

@Suite struct CheckpointTests {
  @Test func theLastOnesAreKept() throws {
    let workshop = Workshop()
    try workshop.begin(["train.epochs=6", "train.keep=3"])
    #expect(try workshop.savedSteps() == [16, 20, 24])
  }

  @Test func theBestIsKeptHoweverOldItIs() throws {
    let schedule = ["learningRate=1", "train.epochs=8", "train.keep=1", "train.checkpointEvery=3"]
    let workshop = Workshop()
    let result = try workshop.begin(schedule)
    let tests = try MetricsLine.read(result.folder).filter { $0.kind == .evaluation }
    let best = try #require(tests.min { ($0.metrics["loss"] ?? 0) < ($1.metrics["loss"] ?? 0) })
    try #require(best.step < 30)
    #expect(try workshop.savedSteps() == [best.step, 32])
    for choice in [CheckpointChoice.best, .step(best.step)] {
      let run = try workshop.studio.open(
        result.folder, at: choice, settings: workshop.settings())
      #expect(run.step == best.step)
    }
    let error = #expect(throws: RunError.self) {
      try workshop.studio.open(result.folder, at: .step(5), settings: workshop.settings())
    }
    #expect(error?.kind == .notFound)
    // Killed at any step, the run keeps the same ones.
    for step in stride(from: 1, to: 31, by: 5) {
      let other = Workshop()
      _ = try? other.begin(schedule, trouble: .crash(step: step))
      try other.resume()
      #expect(try other.savedSteps() == [best.step, 32])
      #expect(try other.results() == workshop.results())
    }
  }

  @Test func anOpenRunIsInItsTrainedState() throws {
    let workshop = Workshop()
    let result = try workshop.begin(["train.epochs=5"])
    let run = try workshop.studio.open(result.folder, settings: workshop.settings())
    #expect(run.step == 20)
    let descent = try #require(run.experiment as? Descent)
    let saved = try SafeTensors.read(workshop.checkpoint(20))
    #expect(saved["walker.point"]?.values() == descent.position)
    #expect(descent.position != [0, 0, 0])
  }

  @Test func noChangedBitGoesUnnoticed() throws {
    let workshop = Workshop()
    let result = try workshop.begin(["train.epochs=1"])
    let path = workshop.checkpoint(4)
    let bytes = try Files.read(path)
    var random = RandomStream(seed: 5, name: "bits")
    for _ in 0..<400 {
      var changed = bytes
      changed[random.integer(below: bytes.count)] ^= 1 << UInt8(random.integer(below: 8))
      try DurableFile.write(changed, to: path)
      #expect(throws: FileError.self) {
        try workshop.studio.open(result.folder, settings: workshop.settings())
      }
    }
    for length in stride(from: 0, to: bytes.count, by: 37) {
      try DurableFile.write(Array(bytes.prefix(length)), to: path)
      #expect(throws: FileError.self) {
        try workshop.studio.open(result.folder, settings: workshop.settings())
      }
    }
  }

  @Test func aNewerFormatIsRefusedAndLeftAlone() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 9))
    var file = try SafeTensors.read(workshop.checkpoint(8))
    let text = try #require(file.metadata("atelier"))
      .replacing(#""version":1"#, with: #""version":2"#)
    file.metadata = [
      .init("atelier", text), .init("digest", SHA256.hexadecimal(of: Array(text.utf8))),
    ]
    let bytes = SafeTensors.encode(file.records, metadata: file.metadata)
    try DurableFile.write(bytes, to: workshop.checkpoint(8))
    let error = #expect(throws: FileError.self) { try workshop.resume() }
    #expect(error?.problem == .unsupported)
    #expect(try Files.read(workshop.checkpoint(8)) == bytes)
  }

  @Test(arguments: [
    (Double.nan, 1, 2, "loss is nan"), (.nan, 6, 7, "loss is nan"),
    (-.infinity, 6, 7, "loss is -inf"),
    // Each is finite, but not their sum.
    (1.5e308, 5, 7, "loss is inf"),
  ])
  func aMeasureThatIsNotFiniteStopsTheRun(
    loss: Double, from step: Int, stopsAt stop: Int, says: String
  ) throws {
    let workshop = Workshop()
    let error = #expect(throws: RunError.self) {
      try workshop.begin(["train.epochs=3"], trouble: .loss(loss, step: step))
    }
    #expect(error?.kind == .diverged)
    #expect(error?.message.contains("\(says) at step \(stop);") == true)
    let summary = try RunSummary.find("descent-001", in: workshop.outputs)
    #expect(summary.record.status == .diverged)
    #expect(!summary.isUnfinished)
    #expect(try MetricsLine.read(summary.folder).allSatisfy { $0.metrics.firstNonFinite == nil })
    if stop > 4 {
      #expect(try workshop.studio.open(summary.folder, settings: workshop.settings()).step == 4)
    }
  }
}
