import Experiments
import FileFormats
import Testing

/// Three epochs of four steps, a line every three, saved after each epoch, each step or each five.
private let schedules = [0, 1, 5].map {
  ["train.epochs=3", "train.logEvery=3", "train.exportEvery=2", "train.checkpointEvery=\($0)"]
}

@Suite struct ResumeTests {
  @Test(arguments: schedules)
  func crashedAnywhereARunEndsWithTheSameBytes(schedule: [String]) throws {
    let reference = Workshop()
    try reference.begin(schedule)
    let expected = try reference.results()
    var troubles = (0..<12).map(Descent.Trouble.crash)
    troubles += [4, 8, 12].map(Descent.Trouble.crashInEvaluation)
    troubles += [8, 12].map(Descent.Trouble.crashInExport)
    for trouble in troubles {
      let workshop = Workshop()
      #expect(throws: Descent.Crash.self) { try workshop.begin(schedule, trouble: trouble) }
      let result = try workshop.resume()
      #expect(result.end == .finished)
      #expect(try workshop.results() == expected, "\(trouble)")
    }
  }

  @Test(arguments: schedules)
  func stoppedBySignalsARunEndsWithTheSameBytes(schedule: [String]) throws {
    let reference = Workshop()
    try reference.begin(schedule)
    let expected = try reference.results()
    for step in 0..<11 {
      let workshop = Workshop()
      let first = try workshop.begin(schedule, trouble: .signal(step: step))
      #expect(first.end == .stopped(signal: 15))
      #expect(first.record.status == .stopped)
      // Saved where it was stopped: nothing is trained twice.
      #expect(first.record.step == step + 1)
      #expect(try workshop.savedSteps().last == step + 1)
      if step < 9 {
        #expect(try workshop.resume(trouble: .signal(step: step + 2)).end == .stopped(signal: 15))
      }
      try workshop.resume()
      #expect(try workshop.results() == expected, "stopped in step \(step)")
    }
  }

  @Test(arguments: schedules)
  func stoppedAtTheEndOfAnEpochARunRepeatsIt(schedule: [String]) throws {
    let reference = Workshop()
    try reference.begin(schedule)
    let expected = try reference.results()
    var troubles = [4, 8, 12].map(Descent.Trouble.signalInEvaluation)
    troubles += [8, 12].map(Descent.Trouble.signalInExport)
    for trouble in troubles {
      let workshop = Workshop()
      let first = try workshop.begin(schedule, trouble: trouble)
      #expect(first.end == .stopped(signal: 15))
      #expect(try workshop.savedSteps().last == first.record.step)
      // A second stop at the same place changes nothing.
      #expect(try workshop.resume(trouble: trouble).end == .stopped(signal: 15))
      #expect(try workshop.resume().end == .finished)
      #expect(try workshop.results() == expected, "\(trouble)")
    }
  }

  @Test func whatAKillLeavesBehindIsTidiedUp() throws {
    let reference = Workshop()
    try reference.begin(["train.epochs=3"])
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 6))
    let folder = RunFolder(path: workshop.outputs + "/descent-001")
    let log = try AppendFile(folder.metrics)
    try log.append(line: #"{"kind":"train","step":6,"epoch":2,"lo"#)
    // No process has the greatest number there is.
    let leftover = folder.checkpoints + "/.step-000008.safetensors.2147483647.tmp"
    try DurableFile.write([1, 2, 3], to: leftover)
    try DurableFile.write([1, 2, 3], to: folder.checkpoints + "/notes.txt")
    try workshop.resume()
    #expect(Files.kind(of: leftover) == nil)
    #expect(Files.kind(of: folder.checkpoints + "/notes.txt") == .file)
    #expect(try workshop.results() == reference.results())
  }

  @Test func aDamagedCheckpointIsReportedAndTheOneBeforeTaken() throws {
    let reference = Workshop()
    try reference.begin(["train.epochs=3"])
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 9))
    let bytes = try Files.read(workshop.checkpoint(8))
    try DurableFile.write(Array(bytes.dropLast(5)), to: workshop.checkpoint(8))
    let result = try workshop.resume()
    #expect(result.end == .finished)
    #expect(workshop.talk.contains("skipped a damaged checkpoint: \(workshop.checkpoint(8))"))
    #expect(workshop.talk.contains("resumes at step 4 of 12"))
    #expect(try workshop.results() == reference.results())
  }

  @Test func aRunWithoutAnyWholeCheckpointIsLeftAsItIs() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3", "train.keep=1"], trouble: .crash(step: 9))
    let steps = try workshop.savedSteps()
    for step in steps { try DurableFile.write([0], to: workshop.checkpoint(step)) }
    let error = #expect(throws: FileError.self) { try workshop.resume() }
    #expect(error?.problem == .damaged)
    #expect(try workshop.savedSteps() == steps)
  }

  @Test func aCheckpointWhoseMetricsAreLostIsNotTaken() throws {
    let reference = Workshop()
    try reference.begin(["train.epochs=3"])
    let workshop = Workshop()
    _ = try? workshop.begin(["train.epochs=3"], trouble: .crash(step: 9))
    let metrics = RunFolder(path: workshop.outputs + "/descent-001").metrics
    let bytes = try Files.read(metrics)
    try DurableFile.write(Array(bytes.dropLast(5)), to: metrics)
    try workshop.resume()
    #expect(workshop.talk.contains("resumes at step 4 of 12"))
    #expect(try workshop.results() == reference.results())
  }

  @Test func aFinishedRunIsDone() throws {
    let workshop = Workshop()
    try workshop.begin(["train.epochs=2"])
    let before = try workshop.results()
    #expect(throws: RunError.self) { try workshop.resume() }
    #expect(try workshop.resume("descent-001").end == .finished)
    #expect(try workshop.results() == before)
  }

  @Test func otherSeedsGiveOtherBytes() throws {
    let workshop = Workshop()
    for seed in [1, 1, 2] {
      try workshop.begin(["train.seed=\(seed)"])
    }
    let results = try (1...3).map { try workshop.results(of: "descent-00\($0)")["/metrics.jsonl"] }
    #expect(results[0] == results[1])
    #expect(results[0] != results[2])
  }
}
