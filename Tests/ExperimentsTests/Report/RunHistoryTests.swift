import Experiments
import FileFormats
import Imaging
import Testing

@Suite struct RunHistoryTests {
  private let workshop = Workshop()

  private func write(_ text: String) throws -> RunFolder {
    let folder = RunFolder(path: workshop.path)
    try DurableFile.write(Array(text.utf8), to: folder.metrics)
    return folder
  }

  private func line(_ kind: String, _ step: Int, _ loss: Double) -> String {
    "{\"kind\":\"\(kind)\",\"step\":\(step),\"epoch\":1,\"loss\":\(loss)}\n"
  }

  @Test func damagedLinesArePassedOverAndTheFirstIsTold() throws {
    let folder = try write(line("train", 1, 5) + "{\n\u{1B}[2J\n" + line("train", 2, 4) + "{\"kin")
    let history = RunHistory(of: folder)
    #expect(history.lines.map(\.step) == [1, 2])
    #expect(history.damage?.place == "line 2")
    #expect(history.damage?.problem == .damaged)
    #expect(history.lastStep == 2)
  }

  @Test func aRunWithoutMeasuresHasAnEmptyHistory() {
    let history = RunHistory(of: RunFolder(path: workshop.path + "/nowhere"))
    #expect(history.lines.isEmpty && history.damage == nil && history.curves.isEmpty)
    #expect(history.keyCurve == nil && history.lastStep == 0)
  }

  @Test func aLogIsReadOnAndReadAnewWhenItWasCut() throws {
    let first = line("train", 1, 5) + line("train", 2, 4)
    let folder = try write(first + "{\"kind\":\"tr")
    var history = RunHistory(of: folder)
    _ = try write(first + line("train", 3, 3))
    history.refresh()
    #expect(history.lines.map(\.step) == [1, 2, 3])
    _ = try write(line("train", 1, 5) + line("train", 2, 7) + line("train", 4, 3))
    history.refresh()
    #expect(history.lines.map { $0.metrics["loss"] } == [5, 7, 3])
    _ = try write("")
    history.refresh()
    #expect(history.lines.isEmpty)
    _ = try write(line("train", 9, 1))
    history.refresh()
    #expect(history.lines.map(\.step) == [9])
  }

  @Test(arguments: [0, 1, 2, 5])
  func theOverviewHasTheKeyCurveAndTheLastStep(testCount: Int) throws {
    let text = (0..<testCount).map { step in
      line("train", 2 * step + 1, 5) + line("evaluation", 2 * step + 2, Double(9 - step))
    }
    let folder = try write(text.joined() + line("train", 20, 4))
    let (overview, whole) = (RunHistory.overview(of: folder), RunHistory(of: folder))
    #expect(overview.keyCurve == whole.keyCurve)
    #expect(overview.lastStep == 20)
    #expect((overview.lines.count < whole.lines.count) == (testCount > 1))
  }

  @Test func theBestIsTheLeastLossAndTheKeyCurveThatOfTheTests() throws {
    let folder = try write(
      line("train", 1, 5) + line("evaluation", 1, 3) + line("evaluation", 2, 2)
        + line("evaluation", 3, 2) + line("evaluation", 4, 4))
    let key = try #require(RunHistory(of: folder).keyCurve)
    let guide = workshop.studio.measureGuide(for: "descent")
    #expect(key.name == "test loss")
    #expect(key.best(guide) == Point(x: 2, y: 2))
    #expect(key.last == Point(x: 4, y: 4))
    #expect(guide.unit(of: "loss") == "square metres")
    #expect(key.best(workshop.studio.measureGuide(for: "unknown")) == nil)
    #expect(guide.goal(of: "speed") == .more)
  }
}

@Suite struct SparklineTests {
  @Test(
    arguments: [
      ([], 8, ""), ([1], 8, "▅"), ([3, 3, 3], 8, "▅▅▅"), ([0, 7], 8, "▁█"),
      ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"), ([0, 0, 7, 7, 0, 0], 3, "▁█▁"),
      ([.nan, 0, .infinity, 1], 8, "▁█"),
      ([-.greatestFiniteMagnitude, .greatestFiniteMagnitude], 8, "▁█"), ([1, 2], 0, ""),
    ] as [([Double], Int, String)])
  func showsTheCourse(values: [Double], width: Int, text: String) {
    #expect(Sparkline.text(values, width: width) == text)
  }
}
