import ArgumentParser
import Experiments
import FileFormats

/// `atelier show`: one run, its measures and its files.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run: where it stands, its measures, its files.",
    discussion: """
      Examples:
        atelier show vae-fashion-001
        atelier show outputs/vae-fashion-001 --json
      """)

  @Argument(help: ArgumentHelp("A run's name or folder.", valueName: "run"))
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let summary = try RunSummary.find(name, in: output.out)
    let lines = try MetricsLine.read(summary.folder)
    if format.json {
      format.print(
        .object(
          (summary.json.members ?? []) + [
            .init("metrics", .array(lines.map(\.json))),
            .init("files", .array(try summary.folder.files().map { .string($0) })),
          ]))
      return
    }
    let terminal = StandardStream.output.terminal
    let sections = [
      facts(of: summary, for: terminal), evaluations(lines).text(for: terminal),
      try summary.folder.files().map { $0 + "\n" }.joined(),
    ]
    StandardStream.output.write(sections.joined(separator: "\n"))
  }

  private func facts(of run: RunSummary, for terminal: Terminal) -> String {
    let record = run.record
    let problem = record.problem.map { ": \($0.printable())" } ?? ""
    let facts = [
      ("experiment", "\(record.experiment) (module \(record.module))"),
      ("status", record.status.rawValue + problem),
      ("step", "\(Quantity.count(record.step)) of \(Quantity.count(record.steps))"),
      ("seed", String(record.seed)),
      ("parameters", Quantity.count(record.parameters)),
      ("time", "\(Quantity.duration(record.seconds)), \(record.threads) threads"),
      ("started", record.startedText),
      ("machine", record.machine.processor),
    ]
    let rows = facts.map { name, value in
      terminal.styled(name, .dim) + String(repeating: " ", count: 12 - name.count) + value + "\n"
    }
    return terminal.styled(run.folder.name, .bold) + "  \(run.folder.path)\n" + rows.joined()
  }

  /// The test measures, an epoch a row.
  private func evaluations(_ lines: [MetricsLine]) -> TextTable {
    let evaluations = lines.filter { $0.kind == .evaluation }
    let names = evaluations.first?.metrics.measures.map(\.name) ?? []
    var table = TextTable(
      columns: [("EPOCH", .right), ("STEP", .right)]
        + names.map { ("TEST " + $0.uppercased(), .right) })
    for line in evaluations {
      table.append(
        [String(line.epoch), Quantity.count(line.step)]
          + names.map { line.metrics[$0].map(Quantity.measure) ?? "-" })
    }
    return table
  }
}
