import Experiments
import FileFormats
import Imaging
import Testing

@Suite struct SweepResultsTests {
  private let workshop = Workshop()

  private func plan(_ axes: [String]) throws -> Sweep {
    try workshop.studio.planSweep(
      workshop.file(), reference: "descent", axes: axes.map { try SweepAxis($0) })
  }

  @discardableResult
  private func train(
    _ cell: Sweep.Cell, trouble: Descent.Trouble? = nil
  ) throws -> RunResult {
    try Descent.$stop.withValue(StopRequest()) {
      try Descent.$trouble.withValue(trouble) {
        try workshop.studio.carryOut(
          cell, of: workshop.file(), in: workshop.outputs, settings: workshop.settings())
      }
    }
  }

  private func results(_ sweep: Sweep) -> SweepResults {
    SweepResults(sweep, in: workshop.outputs, studio: workshop.studio)
  }

  @Test func repetitionsAreOneGroupAndTheBestIsFound() throws {
    let sweep = try plan(["learningRate=0.001,0.1", "seed=1..3", "train.epochs=2"])
    for cell in sweep.cells { try train(cell) }
    let results = results(sweep)
    #expect(results.measure == "test loss")
    #expect(results.unit == "square metres")
    #expect(results.goal == .less)
    #expect(results.groups.map(\.label) == ["learningRate=0.001", "learningRate=0.1"])
    #expect(results.groups.map(\.finishedCount) == [3, 3])
    #expect(results.bestGroup?.label == "learningRate=0.1")
    let losses = try sweep.cells[3...].map { cell in
      let folder = RunFolder(path: "\(workshop.outputs)/\(cell.run)")
      return try #require(MetricsLine.read(folder).last?.metrics["loss"])
    }
    #expect(results.groups[1].final == ConfidenceInterval(losses))
    #expect(results.plot.series.map(\.name) == results.groups.map(\.label))
    #expect(results.plot.series.allSatisfy { $0.points.map(\.x) == [4, 8] })
    for (series, group) in zip(results.plot.series, results.groups) {
      #expect(series.points.last?.y == group.final?.mean)
      #expect(series.margins.last == group.final?.halfWidth)
    }
  }

  @Test func runsAreJudgedByTheMeasureThatIsAskedFor() throws {
    let sweep = try plan(["learningRate=0.001,0.1", "train.epochs=2"])
    for cell in sweep.cells { try train(cell) }
    func results(by measure: String) -> SweepResults {
      SweepResults(sweep, in: workshop.outputs, studio: workshop.studio, measure: measure)
    }
    #expect(results(by: "loss").measure == "test loss")
    #expect(results(by: "loss").groups.allSatisfy { $0.final != nil })
    // The speed is measured in training alone.
    #expect(results(by: "speed").measure == nil)
    #expect(results(by: "speed").groups.allSatisfy { $0.final == nil })
  }

  @Test func aStoppedCellIsCarriedOnAndAFinishedOneLeftAlone() throws {
    let cell = try plan(["train.epochs=3"]).cells[0]
    let stopped = try train(cell, trouble: .signal(step: 5))
    #expect(stopped.end == .stopped(signal: 15))
    let finished = try train(cell)
    #expect(finished.end == .finished)
    #expect(finished.record.sessions == 2)
    #expect(finished.folder.name == cell.run)
    #expect(try train(cell).record == finished.record)
  }

  @Test func aFolderThatAKilledProcessLeftEmptyIsTakenOver() throws {
    let cell = try plan(["train.epochs=1"]).cells[0]
    try Files.createFolders("\(workshop.outputs)/\(cell.run)")
    #expect(try train(cell).end == .finished)
  }

  @Test func aDivergedCellIsNotTrainedAgainAndCountsForNothing() throws {
    let sweep = try plan(["seed=1..2", "train.epochs=2"])
    try train(sweep.cells[0])
    for _ in 0..<2 {
      let error = #expect(throws: RunError.self) {
        try train(sweep.cells[1], trouble: .loss(.infinity, step: 2))
      }
      #expect(error?.kind == .diverged)
    }
    let results = results(sweep)
    #expect(results.outcomes.map(\.status) == [.finished, .diverged])
    #expect(results.groups.count == 1)
    #expect(results.groups[0].finishedCount == 1)
    #expect(results.groups[0].final?.halfWidth == nil)
  }

  @Test func aChangedExperimentIsNotTrainedUnderAnOldName() throws {
    let cell = try plan(["train.epochs=1"]).cells[0]
    let changed = try workshop.file("module: descent\nlearningRate: 0.5\n")
    let error = #expect(throws: RunError.self) {
      try workshop.studio.carryOut(
        cell, of: changed, in: workshop.outputs, settings: workshop.settings())
    }
    #expect(error?.kind == .changedConfiguration)
    #expect(Files.kind(of: workshop.outputs) == nil)
  }

  @Test func theRecordTellsThePlanAndTheResults() throws {
    let sweep = try plan(["learningRate=0.1,0.2", "train.epochs=1"])
    let folder = sweep.folder(in: workshop.outputs)
    try folder.create()
    try results(sweep).write(to: folder)
    #expect(try Sweep.read(folder) == sweep)
    #expect(Files.kind(of: folder.drawing) == nil)
    for cell in sweep.cells { try train(cell) }
    try results(sweep).write(to: folder)
    #expect(try Sweep.read(folder) == sweep)
    let json = try JSON.decode(Files.read(folder.record), path: folder.record)
    #expect(json["cells"]?[0]?["status"]?.stringValue == "finished")
    #expect(json["groups"]?[1]?["final"]?["count"]?.integerValue == 1)
    #expect(try Files.read(folder.picture).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let drawing = String(decoding: try Files.read(folder.drawing), as: UTF8.self)
    #expect(drawing.contains("learningRate=0.2"))
  }

  @Test(arguments: ["", "[]", "{\"cells\": [{\"run\": \"../x\"}]}", "{\"sweep\": \"x\"}"])
  func aDamagedRecordIsRefused(text: String) throws {
    let folder = SweepFolder(path: workshop.outputs + "/x")
    try folder.create()
    try DurableFile.write(Array(text.utf8), to: folder.record)
    let error = #expect(throws: FileError.self) { try Sweep.read(folder) }
    #expect(error?.problem == .damaged)
  }

  /// The quantiles are those of a published table of Student's t, 97.5 %.
  @Test(arguments: [
    (2, 12.706205), (5, 2.776445), (11, 2.228139), (12, 2.200985), (31, 2.042272), (101, 1.983972),
  ])
  func theIntervalIsStudents(count: Int, quantile: Double) throws {
    // The variance of 1 ... n is n(n + 1)/12.
    let interval = try #require(ConfidenceInterval((1...count).map(Double.init)))
    let expected = quantile * (Double(count + 1) / 12).squareRoot()
    #expect(abs(try #require(interval.halfWidth) / expected - 1) < 1e-5)
    #expect(interval.mean == Double(count + 1) / 2)
    #expect(ConfidenceInterval([]) == nil)
  }
}
