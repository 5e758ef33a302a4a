import Experiments
import FileFormats
import Randomness
import Testing

/// Whatever a run's folder holds, looking at it ends in a picture or an error, never in a trap.
@Suite struct DamagedRunTests {
  private let workshop = Workshop()

  /// Makes everything there is to see of a run.
  private func look(at folder: RunFolder) {
    guard let summary = try? RunSummary(folder) else { return }
    let guide = workshop.studio.measureGuide(for: summary.record.module)
    _ = RunReport(summary, guide: guide).html()
    let terminal = Terminal(isTerminal: true, columns: 80, rows: 24) { _ in nil }
    let view = WatchView(
      summary, history: RunHistory(of: folder), timing: RunTiming(of: folder), guide: guide)
    _ = view.lines(for: terminal)
    _ = try? RunComparison([summary, summary], studio: workshop.studio).svg()
    _ = summary.age
    for format in ExportFormat.allCases {
      _ = try? RunExport(summary).write(format, to: workshop.path + "/export") { _ in }
      try? Files.removeFolder(workshop.path + "/export")
    }
  }

  @Test(arguments: ["run.json", "metrics.jsonl", "timing.jsonl", "model.json", "config.yaml"])
  func mutatedFilesDoNotTrap(name: String) throws {
    let folder = try workshop.begin(["train.epochs=2"]).folder
    let path = "\(folder.path)/\(name)"
    let whole = try Files.read(path)
    let extremes = ["9223372036854775807", "-9223372036854775808", "1e308", "-1e308", "0", "null"]
    for index in 0..<60 {
      var random = RandomStream(seed: 1, name: name, index: UInt64(index))
      var bytes = whole
      for _ in 0..<3 {
        let place = Int(random.uniformDouble() * Double(bytes.count))
        let extreme = extremes[Int(random.uniformDouble() * Double(extremes.count))]
        // The digits from the place on, if it is amid some, give way to an extreme number.
        let end = bytes[place...].firstIndex { !(0x2E...0x39).contains($0) } ?? bytes.count
        bytes.replaceSubrange(place..<max(end, place + 1), with: Array(extreme.utf8))
      }
      try DurableFile.write(bytes, to: path)
      look(at: folder)
    }
  }

  @Test func extremeNumbersInEveryFieldDoNotTrap() throws {
    let folder = try workshop.begin(["train.epochs=2"]).folder
    for extreme in ["9223372036854775807", "-9223372036854775808", "0"] {
      for name in ["run.json", "metrics.jsonl", "timing.jsonl", "model.json"] {
        let path = "\(folder.path)/\(name)"
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        let changed = text.replacing(/(": ?)-?[0-9][0-9.e+-]*/) { "\($0.output.1)\(extreme)" }
        try DurableFile.write(Array(changed.utf8), to: path)
        #expect((try? RunSummary(folder)) != nil)
        look(at: folder)
      }
    }
  }
}
