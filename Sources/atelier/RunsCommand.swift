import ArgumentParser
import Experiments
import FileFormats

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
      ("RUN", .left), ("STATUS", .left), ("STEP", .right), ("OF", .right), ("TEST", .left),
      ("TIME", .right), ("SEED", .right), ("STARTED", .left),
    ])
    for run in runs {
      let record = run.record
      let measure = record.evaluation.measures.first
      table.append([
        run.folder.name, record.status.rawValue, Quantity.count(record.step),
        Quantity.count(record.steps),
        measure.map { "\($0.name) \(Quantity.measure($0.value))" } ?? "-",
        Quantity.duration(record.seconds), String(record.seed), record.startedText,
      ])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
  }
}
