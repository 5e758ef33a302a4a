import Experiments
import FileFormats
import Imaging
import Testing

/// The learning rate range test.
@Suite struct RangeTestTests {
  private func test(
    _ options: RangeTestOptions, _ text: String = "module: fit\n",
    in workshop: Workshop = Workshop()
  ) throws -> RangeTest {
    try workshop.studio.testRange(
      of: workshop.file(text), overrides: [], options, settings: workshop.settings())
  }

  @Test func ratesGrowByEqualRatiosUntilTrainingBreaksDown() throws {
    let workshop = Workshop()
    let result = try test(RangeTestOptions(from: 1e-5, to: 1e4, steps: 90), in: workshop)
    #expect(result.metric == "loss")
    #expect(result.optimizers.map(\.name) == ["optimizer"])
    #expect(result.trials.count < 90)
    let ratio = result.trials[1].rate / result.trials[0].rate
    for (one, next) in zip(result.trials, result.trials.dropFirst()) {
      #expect(abs(next.rate / one.rate / ratio - 1) < 1e-9)
    }
    #expect(result.trials.allSatisfy { $0.loss.isFinite })
    let pick = try #require(result.pick)
    let least = try #require(result.trials.min { $0.smoothedLoss < $1.smoothedLoss })
    #expect(pick <= least.rate / 10 && pick > 1e-5)
    #expect(try #require(result.divergedAt) > least.rate)
    #expect(try #require(result.steepest) < least.rate)
    #expect(Files.kind(of: workshop.outputs) == nil)
    // The same bytes again.
    #expect(try test(RangeTestOptions(from: 1e-5, to: 1e4, steps: 90)).json == result.json)
  }

  @Test func whatNeverFallsHasNoPick() throws {
    let result = try test(RangeTestOptions(from: 1e15, to: 1e18, steps: 20))
    #expect(result.pick == nil)
    #expect(result.divergedAt != nil)
    #expect(result.json["pick"] == .null)
    // Nothing to plot is a plot of nothing.
    #expect(result.plot(titled: "none").svg().contains("<svg"))
  }

  @Test func aMeasureThatIsNotThereIsNamed() throws {
    let error = #expect(throws: RunError.self) {
      try test(RangeTestOptions(metric: "lss"))
    }
    #expect(error?.kind == .unsuitable)
    #expect(error?.hint == "choose one of loss")
  }

  @Test func aModuleWithoutALearningRateSaysSo() throws {
    let error = #expect(throws: RunError.self) {
      try test(RangeTestOptions(), "module: descent\n")
    }
    #expect(error?.message.contains("'descent' has no learning rate") == true)
  }

  @Test(arguments: [(1e-7, "1.0e-7"), (0.00996, "1.0e-2"), (3.16, "3.2e0"), (25, "2.5e1")])
  func ratesHaveTwoDigits(rate: Double, text: String) {
    #expect(RangeTest.text(rate) == text)
  }
}
