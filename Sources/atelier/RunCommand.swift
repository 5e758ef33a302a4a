import ArgumentParser
import Experiments

/// `atelier run`: trains a new run of an experiment.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train an experiment in a new run folder.",
    discussion: """
      Examples:
        atelier run vae-fashion
        atelier run vae-fashion train.epochs=5 latentSize=20 --seed 3
        atelier run my/experiment.yaml --smoke

      Ctrl-C saves and stops; 'atelier resume' carries on. A second Ctrl-C stops at once.
      """)

  /// What `--smoke` sets: every phase of a run, and little of each.
  private static let smokeOverrides = [
    "train.epochs=1", "train.stepLimit=4", "train.logEvery=1",
  ]

  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  @Option(name: .long, help: ArgumentHelp("The same as train.seed=N.", valueName: "n"))
  var seed: Int?

  @Flag(name: .long, help: "Train four steps only, but go through every phase of a run.")
  var smoke = false

  @Flag(name: .long, help: "Build everything and describe it, but train nothing.")
  var dryRun = false

  func run() throws {
    var overrides = experiment.overrides
    if let seed {
      overrides.append("train.seed=\(seed)")
    }
    let file = try experiment.file()
    if smoke {
      overrides += Self.smokeOverrides + (try Registry.studio.module(of: file).smokeOverrides)
    }
    if dryRun {
      let report = try Registry.studio.describe(
        file, overrides: overrides, in: output.out,
        settings: execution.settings(Journal(verbosity: verbosity.level)))
      format.json
        ? format.print(report.json)
        : StandardStream.output.write(report.text(for: StandardStream.output.terminal))
      return
    }
    let training = Training(
      output: output, execution: execution, format: format, verbosity: verbosity)
    try training.carryOut { settings in
      try Registry.studio.begin(
        file, overrides: overrides, in: output.out, settings: settings)
    }
  }
}
