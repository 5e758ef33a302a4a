import ArgumentParser
import Experiments

/// `atelier resume`: carries a run on.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Carry on a run that was stopped or killed, or train one for more epochs.",
    discussion: """
      Examples:
        atelier resume                                   the newest unfinished run
        atelier resume vae-fashion-003
        atelier resume vae-fashion-003 train.epochs=20   train it longer

      The result is the same, byte for byte, as if the run had never been interrupted.
      """)

  @Argument(
    help: ArgumentHelp("A run's name or folder, and key=value.", valueName: "run"),
    completion: .custom(Completions.runsAndKeys))
  var arguments: [String] = []

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  private var runs: [String] { arguments.filter { !$0.contains("=") } }

  func validate() throws {
    if runs.count > 1 {
      throw ValidationError("One run at a time, not \(runs.count).")
    }
  }

  func run() throws {
    let overrides = arguments.filter { $0.contains("=") }
    let summary =
      try runs.first.map { try RunSummary.find($0, in: output.out) }
      ?? RunSummary.newestUnfinished(in: output.out)
    let training = Training(
      output: output, execution: execution, format: format, verbosity: verbosity)
    try training.carryOut { settings in
      try Registry.studio.resume(summary.folder, overrides: overrides, settings: settings)
    }
  }
}
