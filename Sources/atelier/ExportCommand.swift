import ArgumentParser
import Experiments
import FileFormats

/// `atelier export`: a run's measures, pictures and weights for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Take a run's measures, pictures or weights to other programs.",
    discussion: """
      Examples:
        atelier export vae-fashion-001 --to tensorboard -o logs
        atelier export vae-fashion-001 --to csv
        atelier export vae-fashion-001 --to safetensors -o weights.safetensors

      The weights have the names and layouts of a PyTorch state dict.
      """)

  @Argument(
    help: ArgumentHelp("A run's name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var name: String

  @Option(
    name: .customLong("to"), help: ArgumentHelp("What to make of it.", valueName: "format"))
  var target: ExportFormat

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The file, or for tensorboard the folder, to write; a name made from the run's unless given.",
      valueName: "path"), completion: .file())
  var path: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let summary = try RunSummary.find(name, in: output.out)
    let journal = Journal()
    let path = path ?? summary.folder.name + target.suffix
    let files = try RunExport(summary).write(target, to: path) { journal.note($0) }
    if format.json {
      format.print([
        "format": .string(target.rawValue), "path": .string(path),
        "files": .array(files.map { .string($0) }),
      ])
    } else {
      StandardStream.output.writeLine(path.printable())
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
