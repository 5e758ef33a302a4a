import Experiments
import FileFormats
import Testing

@Suite struct WatchViewTests {
  private let workshop = Workshop()

  private func lines(columns: Int, rows: Int, color: Bool = false) throws -> [String] {
    let folder = RunFolder(path: workshop.outputs + "/descent-001")
    if Files.kind(of: folder.path) == nil {
      try workshop.begin(["train.epochs=30", "train.logEvery=1"])
    }
    let summary = try RunSummary(folder)
    let terminal = Terminal(isTerminal: true, columns: columns, rows: rows) {
      $0 == "NO_COLOR" && !color ? "1" : nil
    }
    let view = WatchView(
      summary, history: RunHistory(of: folder), timing: RunTiming(of: folder),
      guide: workshop.studio.measureGuide(for: "descent"))
    return view.lines(for: terminal)
  }

  @Test(arguments: [(100, 40), (80, 24), (40, 12), (20, 5)])
  func thePictureFitsTheTerminal(columns: Int, rows: Int) throws {
    let lines = try lines(columns: columns, rows: rows)
    #expect(lines.count < rows)
    #expect(lines.allSatisfy { $0.count <= columns })
  }

  @Test func itShowsProgressCurvesAndMeasures() throws {
    let lines = try lines(columns: 80, rows: 30)
    #expect(lines[0] == "descent-001  finished")
    #expect(lines[1].hasSuffix("100%  step 120/120  epoch 30/30"))
    #expect(lines.contains { $0.hasPrefix("━ loss   ━ test loss   in square metres") })
    let dots = lines.joined().unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    #expect(dots >= 60)
    #expect(lines.contains { $0.hasPrefix("MEASURE ") && $0.hasSuffix(" COURSE") })
    #expect(lines.contains { $0.hasPrefix("test loss ") })
    #expect(!lines.joined().contains("\u{1B}"))
    #expect(try self.lines(columns: 80, rows: 30, color: true).joined().contains("\u{1B}[36m"))
  }
}
