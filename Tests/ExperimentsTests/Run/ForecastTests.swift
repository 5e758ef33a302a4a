import Experiments
import FileFormats
import Testing

@Suite struct ForecastTests {
  @Test func aDescriptionSaysWhatARunWillTake() throws {
    let workshop = Workshop()
    let report = try workshop.studio.describe(
      workshop.file("module: fit\n"), overrides: ["train.epochs=3", "train.keep=2"],
      in: workshop.outputs, settings: workshop.settings())
    // Two layers, 2 x 8 + 8 and 8 + 1 numbers, and the count of updates.
    #expect(report.forecast.checkpointBytes == 34 * 4)
    #expect(report.forecast.diskBytes > 4 * 34 * 4)
    #expect(report.forecast.diskBytes < 10_000)
    #expect(try #require(report.forecast.freeDiskBytes) > 0)
    #expect(try #require(report.forecast.peakMemoryBytes) > 1 << 20)
    #expect(report.json["forecast"]?["checkpointBytes"] == 136)
  }

  @Test func whatDoesNotFitInMemoryIsRefusedBeforeItIsTaken() throws {
    let workshop = Workshop()
    let file = try workshop.file("module: fit\nunits: 100000000000\n")
    let error = #expect(throws: RunError.self) {
      try workshop.studio.begin(
        file, overrides: [], in: workshop.outputs, settings: workshop.settings())
    }
    #expect(error?.kind == .unsuitable)
    #expect(error?.message.contains("of memory") == true)
    #expect(throws: RunError.self) {
      try workshop.studio.describe(file, overrides: [], settings: workshop.settings())
    }
    #expect(Files.kind(of: workshop.outputs) == nil)
  }
}
