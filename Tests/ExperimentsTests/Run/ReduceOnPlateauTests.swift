import Experiments
import FileFormats
import Testing

/// Learning rates become smaller when evaluations no longer become better.
@Suite struct ReduceOnPlateauTests {
  /// Nothing is a gain after the first evaluation, so every second one halves the rates.
  private static let overrides = [
    "train.epochs=6", "train.checkpointEvery=7", "train.reduceOnPlateau.patience=2",
    "train.reduceOnPlateau.factor=0.5", "train.reduceOnPlateau.minimumChange=1000",
  ]

  @Test func theRatesAreReduced() throws {
    let workshop = Workshop()
    try workshop.fit(Self.overrides)
    let notes = workshop.talk.split(separator: "\n").filter { $0.contains("reduced") }
    #expect(
      notes == [
        "learning rate reduced: optimizer 0.00500", "learning rate reduced: optimizer 0.00250",
      ])
    let plain = Workshop()
    try plain.fit(Array(Self.overrides.prefix(2)))
    #expect(try plain.results() != workshop.results())
  }

  @Test func theyStopAtTheLeastShareAndCoolDown() throws {
    let workshop = Workshop()
    try workshop.fit(
      Self.overrides + [
        "train.epochs=9", "train.reduceOnPlateau.patience=1", "train.reduceOnPlateau.cooldown=1",
        "train.reduceOnPlateau.leastShare=0.2",
      ])
    // After epochs 2, 4 and 6; the third is held at the least.
    let notes = workshop.talk.split(separator: "\n").filter { $0.contains("reduced") }
    #expect(notes.count == 3)
    #expect(notes.last == "learning rate reduced: optimizer 0.00200")
  }

  @Test func interruptedAnywhereARunEndsWithTheSameBytes() throws {
    let reference = Workshop()
    try reference.fit(Self.overrides)
    let expected = try reference.results()
    for step in stride(from: 3, to: 119, by: 11) {
      let workshop = Workshop()
      let first = try workshop.fit(Self.overrides, stopIn: step)
      #expect(first.end == .stopped(signal: 15))
      try workshop.fit([], resumes: true)
      #expect(try workshop.results() == expected, "stopped in step \(step)")
    }
  }

  @Test func aModuleWithoutALearningRateIsRefused() throws {
    let workshop = Workshop()
    let error = #expect(throws: RunError.self) {
      try workshop.begin(["train.reduceOnPlateau.patience=2"])
    }
    #expect(error?.kind == .unsuitable)
    #expect(error?.message.contains("'descent' has no learning rate") == true)
  }
}
