import ArgumentParser
import Experiments
import FileFormats

/// `atelier ablate`: what each part of a method is good for.
struct AblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Train an experiment as it is and with each part of its method out or in.",
    discussion: """
      Examples:
        atelier ablate dqn-cartpole --seeds 0..4 --jobs 2
        atelier ablate dqn-acrobot train.epochs=3 --dry-run

      One part at a time: what the experiment uses is taken out, what it does not use is put in. The
      table gives the interquartile mean of the runs' last values and the interval of 95 % of
      bootstrap samples. The same command carries on what was stopped, as a sweep.
      """)

  @Argument(
    help: "An experiment's name, or the path of its file.",
    completion: .custom(Completions.experiments))
  var experiment: String

  @Argument(
    help: ArgumentHelp("Settings for all variants.", valueName: "key=value"),
    completion: .custom(Completions.keys))
  var overrides: [String] = []

  @Option(name: .long, help: ArgumentHelp("The seeds, as in 0..4 or 1,5,7.", valueName: "seeds"))
  var seeds = "0..4"

  @Option(name: .long, help: ArgumentHelp("How many runs to train at a time.", valueName: "n"))
  var jobs: Int?

  @Flag(name: .long, help: "List the variants, but train none.")
  var dryRun = false

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    if let jobs { try requireCount(jobs, named: "--jobs", in: 1...256) }
  }

  func run() throws {
    let reference = ExperimentReference(experiment)
    let ablation = try Registry.studio.planAblation(
      reference.file(), reference: reference.lasting, overrides: overrides,
      seeds: try SweepAxis("seeds=\(seeds)").values)
    guard ablation.variants.count > 1 else {
      throw ValidationError(
        "The module \(ablation.sweep.module) names no parts to take out or put in.")
    }
    if dryRun { return tell(results(of: ablation)) }
    let folder = ablation.sweep.folder(in: output.out)
    let lock = try SweepTraining.take(folder, for: results(of: ablation).runs)
    defer { withExtendedLifetime(lock) {} }
    let end = try SweepTraining(
      sweep: ablation.sweep, folder: folder, jobs: jobs, execution: execution,
      verbosity: verbosity
    ).carryOut()
    let results = results(of: ablation)
    try results.write(to: folder)
    tell(results)
    if !format.json, results.runs.measure != nil {
      StandardStream.output.write("\n\(folder.path.printable())/ablation.svg\n")
    }
    if let code = end.code { throw ExitCode(code) }
  }

  private func results(of ablation: Ablation) -> AblationResults {
    AblationResults(ablation, in: output.out, studio: Registry.studio)
  }

  private func tell(_ results: AblationResults) {
    if format.json { return format.print(results.json) }
    let measure = results.runs.measure ?? ""
    var table = TextTable(columns: [
      ("VARIANT", .left), ("SETTING", .left), ("FINISHED", .left), ("FINAL \(measure)", .right),
      ("BEST \(measure)", .right),
    ])
    for row in results.rows {
      table.append([
        row.variant.name, row.variant.overrides.joined(separator: " "),
        "\(row.finished) of \(row.runs)",
        row.final?.text ?? "-", row.best?.text ?? "-",
      ])
    }
    StandardStream.output.write(
      table.text(for: StandardStream.output.terminal, overflow: .keep))
  }
}
