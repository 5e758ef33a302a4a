import ArgumentParser
import Experiments
import FileFormats
import Glibc

/// `atelier sweep`: many runs of one experiment.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Train an experiment for each of several values of its keys.",
    discussion: """
      Examples:
        atelier sweep vae-fashion optimizer.learningRate=1e-3,1e-4 seed=0..4
        atelier sweep vae-fashion latentSize=2,5,10,20 train.epochs=5 --jobs 2
        atelier sweep vae-fashion 'hidden=[256],[512, 512]' batchSize=32,64,128 --random 4
        atelier sweep classify-fashion-kfold fold=0..4 --measure accuracy
        atelier sweep vae-fashion seed=0..9 --launcher slurm --slurm time=02:00:00

      The same command carries on what was stopped or killed, and leaves finished runs as they are.
      Each run is one as any other, named after its configuration.
      """)

  /// Who carries the runs out.
  enum Launcher: String, ExpressibleByArgument, CaseIterable {
    /// This command, on this machine.
    case local
    /// The Slurm workload manager.
    case slurm
  }

  @Argument(
    help: "An experiment's name, or the path of its file.",
    completion: .custom(Completions.experiments))
  var experiment: String

  @Argument(
    help: ArgumentHelp(
      "Keys with their values, as in seed=0..4 or batchSize=32,64.", valueName: "key=values"),
    completion: .custom(Completions.keys))
  var axes: [String] = []

  @Option(name: .long, help: ArgumentHelp("How many runs to train at a time.", valueName: "n"))
  var jobs: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Train only so many, drawn at random. A greater number adds to them.", valueName: "n"))
  var random: Int?

  @Option(
    name: .long,
    help: "Who carries the runs out: local, or slurm, for which an array job is written.")
  var launcher = Launcher.local

  @Option(
    name: .long,
    help: ArgumentHelp("An option of sbatch, as in time=02:00:00.", valueName: "key=value"))
  var slurm: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What the runs are judged by, such as accuracy; the first test measure unless given.",
      valueName: "name"))
  var measure: String?

  @Flag(name: .long, help: "List the runs, but train none.")
  var dryRun = false

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    for (name, value, bounds) in [("jobs", jobs, 1...256), ("random", random, 1...10_000)] {
      if let value, !bounds.contains(value) {
        throw ValidationError(
          "--\(name) \(value) is not in \(bounds.lowerBound)...\(bounds.upperBound).")
      }
    }
    if launcher == .local && !slurm.isEmpty {
      throw ValidationError("--slurm goes with --launcher slurm.")
    }
  }

  func run() throws {
    let reference = ExperimentReference(experiment)
    let sweep = try Registry.studio.planSweep(
      reference.file(),
      reference: reference.lasting,
      axes: axes.map { text throws(ConfigurationError) in try SweepAxis(text) }, random: random)
    let judged = Registry.studio.measureGuide(for: sweep.module).judged
    if let measure, !judged.contains(measure) {
      throw ValidationError(
        "--measure \(measure.printable()): runs of the module \(sweep.module) are judged by "
          + "\(judged.joined(separator: ", ")).")
    }
    let folder = sweep.folder(in: output.out)
    let options = try slurm.map { text throws(ConfigurationError) in
      try SlurmScript.Option(text)
    }
    if dryRun {
      let results = results(of: sweep)
      format.json
        ? format.print(results.json)
        : StandardStream.output.write(
          results.runTable.text(for: StandardStream.output.terminal, overflow: .keep))
      return
    }
    let lock = try SweepTraining.take(folder, for: results(of: sweep))
    defer { withExtendedLifetime(lock) {} }
    let training = SweepTraining(
      sweep: sweep, folder: folder, jobs: jobs, execution: execution, verbosity: verbosity)
    switch launcher {
    case .local: try train(training)
    case .slurm: try training.submit(options)
    }
  }

  private func train(_ training: SweepTraining) throws {
    let end = try training.carryOut()
    let results = results(of: training.sweep)
    try results.write(to: training.folder)
    if format.json {
      format.print(results.json)
    } else {
      let terminal = StandardStream.output.terminal
      StandardStream.output.write(results.groupTable.text(for: terminal, overflow: .keep))
      if results.groups.count > 1, let best = results.bestGroup {
        StandardStream.output.write("\nbest: \(best.label.printable())\n")
      }
      if results.measure != nil {
        StandardStream.output.write("\n\(training.folder.drawing.printable())\n")
      }
    }
    if let code = end.code { throw ExitCode(code) }
  }

  private func results(of sweep: Sweep) -> SweepResults {
    SweepResults(sweep, in: output.out, studio: Registry.studio, measure: measure)
  }
}

extension SweepResults {
  /// A row for each run.
  fileprivate var runTable: TextTable {
    var table = TextTable(
      columns: [("RUN", .left)] + sweep.keys.map { ($0, .left) } + [("STATUS", .left)])
    for outcome in outcomes {
      table.append(
        [outcome.cell.run] + sweep.settings(of: outcome.cell).map(\.value)
          + [outcome.status?.rawValue ?? "waiting"])
    }
    return table
  }

  /// A row for each choice of what is not the seed.
  fileprivate var groupTable: TextTable {
    let keys = groups.first?.settings.map(\.key) ?? []
    var table = TextTable(
      columns: keys.map { ($0, .left) } + [
        ("FINISHED", .left), ("FINAL \(measure ?? "")", .right), ("BEST \(measure ?? "")", .right),
      ])
    for group in groups {
      table.append(
        group.settings.map(\.value) + [
          "\(group.finishedCount) of \(group.outcomes.count)", group.final?.text ?? "-",
          group.best?.text ?? "-",
        ])
    }
    return table
  }
}
