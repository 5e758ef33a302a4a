import Experiments
import FileFormats
import Testing

/// A run ends when its evaluations no longer become better.
@Suite struct EarlyStoppingTests {
  /// Nothing is a gain after the first evaluation; the run would take ten epochs of four steps.
  private static let overrides = [
    "train.epochs=10", "train.logEvery=3", "train.exportEvery=2",
    "train.earlyStopping.patience=2", "train.earlyStopping.minimumChange=1000",
  ]

  @Test func itEndsAfterSoManyEvaluationsWithoutAGain() throws {
    let workshop = Workshop()
    let result = try workshop.begin(Self.overrides)
    #expect(result.end == .finished)
    #expect((result.record.step, result.record.steps, result.record.epochs) == (12, 12, 3))
    #expect(result.record.status == .finished)
    #expect(workshop.talk.contains("early stopping after epoch 3"))
    // The last pictures are where those of a last epoch are.
    #expect(Files.kind(of: result.folder.images + "/place.png") == .file)
    #expect(try workshop.savedSteps().last == 12)
  }

  @Test func gainsAreWaitedForAnew() throws {
    let workshop = Workshop()
    let result = try workshop.begin([
      "train.epochs=6", "train.earlyStopping.patience=6",
      "train.earlyStopping.minimumChange=1000",
    ])
    #expect(result.record.epochs == 6)
    #expect(!workshop.talk.contains("early stopping"))
  }

  @Test func interruptedAnywhereItEndsWithTheSameBytes() throws {
    let reference = Workshop()
    try reference.begin(Self.overrides)
    let expected = try reference.results()
    var troubles = (0..<12).map(Descent.Trouble.signal)
    troubles += [4, 8, 12].map(Descent.Trouble.signalInEvaluation)
    troubles += [8, 12].map(Descent.Trouble.signalInExport)
    for trouble in troubles {
      let workshop = Workshop()
      let first = try workshop.begin(Self.overrides, trouble: trouble)
      if first.end != .finished { try workshop.resume() }
      #expect(try workshop.results() == expected, "\(trouble)")
      #expect(
        try RunSummary.find("descent-001", in: workshop.outputs).record.epochs == 3, "\(trouble)")
    }
    for trouble in [Descent.Trouble.crash(step: 11), .crashInEvaluation(step: 12)] {
      let workshop = Workshop()
      #expect(throws: Descent.Crash.self) {
        try workshop.begin(Self.overrides, trouble: trouble)
      }
      try workshop.resume()
      #expect(try workshop.results() == expected, "\(trouble)")
    }
  }

  @Test func withMorePatienceARunGoesOn() throws {
    let workshop = Workshop()
    try workshop.begin(Self.overrides)
    #expect(try workshop.resume("descent-001").record.epochs == 3)
    let longer = try workshop.resume("descent-001", ["train.earlyStopping.patience=4"])
    #expect((longer.record.epochs, longer.record.step) == (5, 20))
  }

  @Test(arguments: ["earlyStopping", "reduceOnPlateau"])
  func aMeasureWithoutAGoalIsRefusedBeforeThereIsAFolder(group: String) throws {
    let workshop = Workshop()
    let error = #expect(throws: RunError.self) {
      try workshop.begin(["train.\(group).metric=lss"])
    }
    #expect(error?.kind == .unsuitable)
    #expect(error?.message.contains("train.\(group).metric") == true)
    #expect(error?.hint == "did you mean 'loss'?")
    #expect(Files.kind(of: workshop.outputs) == nil)
  }
}
