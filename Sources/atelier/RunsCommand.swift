import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier runs`: what was trained so far.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs and where they stand.",
    discussion: """
      Examples:
        atelier runs
        atelier runs --out elsewhere --json
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  /// How many characters a curve takes.
  private static let courseWidth = 12

  func run() throws {
    let runs = try RunSummary.all(in: output.out)
    if format.json {
      format.print(.array(runs.map(\.json)))
      return
    }
    if runs.isEmpty {
      Journal().note("no runs in \(output.out) yet; 'atelier run vae-fashion' makes one")
    }
    var table = TextTable(columns: [
      ("RUN", .left), ("STATUS", .left), ("DONE", .right), ("STEPS", .right), ("MEASURE", .left),
      ("COURSE", .left), ("TIME", .right), ("AGE", .right),
    ])
    for run in runs {
      let history = RunHistory.overview(of: run.folder)
      let curve = history.keyCurve
      let share = run.progress(at: max(run.record.step, history.lastStep))
      table.append([
        run.folder.name, run.record.status.rawValue, "\(Int(share * 100))%",
        Quantity.count(run.record.steps),
        curve.map { "\($0.name) \(Quantity.measure($0.last.y))" } ?? "-",
        curve.map { Sparkline.text($0.values, width: Self.courseWidth) } ?? "",
        Quantity.duration(run.record.seconds), Quantity.duration(run.age),
      ])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
  }
}
