import ArgumentParser
import Experiments
import FileFormats

/// `atelier verify`: whether runs and files are what was written.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every byte of runs, checkpoints and other files.",
    discussion: """
      Examples:
        atelier verify vae-fashion-001
        atelier verify outputs/*/checkpoints/*.safetensors --json

      A line for each file. Exit code 65 when one is damaged. Nothing is changed.
      """)

  @Argument(
    help: ArgumentHelp("Names or folders of runs, or files.", valueName: "run-or-file"),
    completion: .custom(Completions.runs))
  var names: [String]

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    var files: [VerifiedFile] = []
    for name in names {
      if Files.kind(of: name) == .file {
        files.append(Registry.studio.verify(file: name))
      } else {
        files += try Registry.studio.verify(RunFolder.find(name, in: output.out))
      }
    }
    if format.json {
      format.print(.array(files.map(\.json)))
    } else {
      let terminal = StandardStream.output.terminal
      for file in files {
        let verdict =
          file.problem.map { "\(terminal.styled("damaged", .red))  \($0.printable())" }
          ?? "\(terminal.styled("ok", .dim))  \(file.path.printable())"
        StandardStream.output.writeLine(verdict)
      }
    }
    let damaged = files.count { $0.problem != nil }
    guard damaged > 0 else { return }
    throw RunError(
      .damaged, "\(damaged) of \(Quantity.count(files.count, "file")) damaged",
      hint: "'atelier resume' goes on from the newest checkpoint that is whole")
  }
}
