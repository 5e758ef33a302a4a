import ArgumentParser
import Experiments
import FileFormats

/// `atelier report`: a run on one page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a run's report: one HTML page that needs no network.",
    discussion: """
      Examples:
        atelier report vae-fashion-001
        atelier report vae-fashion-001 -o page.html

      A run writes its own report when it ends. This one tells how the run stands now.
      """)

  @Argument(
    help: ArgumentHelp("A run's name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var name: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The HTML file to write; report.html in the run's folder unless given.", valueName: "file"),
    completion: .file())
  var file: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let summary = try RunSummary.find(name, in: output.out)
    let guide = Registry.studio.measureGuide(for: summary.record.module)
    let path = file ?? summary.folder.report
    try DurableFile.write(Array(RunReport(summary, guide: guide).html().utf8), to: path)
    format.json
      ? format.print(["file": .string(path)])
      : StandardStream.output.writeLine(path.printable())
  }
}
