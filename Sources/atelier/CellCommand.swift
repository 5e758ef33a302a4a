import ArgumentParser
import Experiments
import FileFormats
import Glibc

/// `atelier cell`: one run of a sweep. What `atelier sweep` and its array jobs start.
struct CellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cell", abstract: "Train one run of a sweep, or carry it on.", shouldDisplay: false
  )

  @Argument(help: "The sweep's folder.")
  var folder: String

  @Argument(help: "The place of the run in the sweep, from 0.")
  var index: Int

  @Option(name: .long, help: "The process to stop with.")
  var parent: Int32?

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  /// How long to wait for the run's owner, in seconds: one that was orphaned just now saves first.
  private static let patience = 30

  func run() throws {
    let folder = SweepFolder(path: folder)
    let sweep = try Sweep.read(folder)
    guard sweep.cells.indices.contains(index) else {
      throw ValidationError("\(index) is not in 0..<\(sweep.cells.count).")
    }
    let cell = sweep.cells[index]
    let file = try ExperimentReference(sweep.experiment).file()
    var output = OutputOptions()
    output.out = folder.outputs
    let training = Training(
      output: output, execution: execution, format: format, verbosity: verbosity,
      speaker: cell.run)
    try training.carryOut { settings in
      let watch = parent.map { ParentWatch($0) { settings.stop.raise(SIGTERM) } }
      defer { withExtendedLifetime(watch) {} }
      waitForOwner(of: RunFolder(path: "\(folder.outputs)/\(cell.run)"), settings.stop)
      return try Registry.studio.carryOut(
        cell, of: file, in: folder.outputs, settings: settings)
    }
  }

  private func waitForOwner(of run: RunFolder, _ stop: StopRequest) {
    let end = ContinuousClock.now + .seconds(Self.patience)
    while stop.signal == nil, ContinuousClock.now < end,
      (try? RunSummary(run))?.record.status == .running
    {
      usleep(100_000)
    }
  }
}
