import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier lr-range`: which learning rates an experiment can be trained with.
struct LearningRateRangeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lr-range", abstract: "Find a learning rate by a range test.",
    discussion: """
      Examples:
        atelier lr-range classify-fashion -o range.png
        atelier lr-range vae-fashion optimizer.kind=sgd --from 1e-6 --to 1 --steps 100

      The rate grows by equal ratios from step to step, from the experiment's initial state (Smith
      2017). The pick is the smaller of two: where the smoothed loss falls most steeply before its
      least, and a tenth of the rate of the least. No run is left behind.
      """)

  @OptionGroup var experiment: ExperimentOptions

  @Option(name: .long, help: ArgumentHelp("The rate of the first step.", valueName: "rate"))
  var from = 1e-7

  @Option(name: .long, help: ArgumentHelp("The rate of the last step.", valueName: "rate"))
  var to = 10.0

  @Option(name: .long, help: ArgumentHelp("How many steps to take at most.", valueName: "n"))
  var steps = 200

  @Option(
    name: .long,
    help: ArgumentHelp("The measure to look at; the loss unless given.", valueName: "name"))
  var metric: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The PNG file to plot to; none unless given.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    for (name, rate) in [("--from", from), ("--to", to)]
    where !(rate >= 1e-20 && rate <= 1e20) {
      throw ValidationError("\(name) \(rate) is not in 1e-20...1e20.")
    }
    guard from < to else { throw ValidationError("--from must be less than --to.") }
    try requireCount(steps, named: "--steps", in: 10...100_000)
  }

  func run() throws {
    let file = try experiment.file()
    let stop = StopRequest()
    let watch = SignalWatch(stop) {}
    let test = try withExtendedLifetime(watch) {
      do {
        return try Registry.studio.testRange(
          of: file, overrides: experiment.overrides,
          RangeTestOptions(from: from, to: to, steps: steps, metric: metric),
          settings: execution.settings(Journal(verbosity: verbosity.level), stop: stop))
      } catch let interruption as Interruption {
        throw ExitCode(StopRequest.exitCode(for: interruption.signal))
      }
    }
    if let output {
      try DurableFile.write(PNG.encode(test.plot(titled: file.name).image()), to: output)
    }
    if format.json { return format.print(test.json) }
    var table = TextTable(columns: [
      ("LEARNING RATE", .right), (test.metric.uppercased(), .right), ("SMOOTHED", .right),
    ])
    for trial in test.trials {
      table.append([
        RangeTest.text(trial.rate), Quantity.measure(trial.loss),
        Quantity.measure(trial.smoothedLoss),
      ])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
    StandardStream.output.writeLine(summary(of: test))
  }

  /// `pick 3.2e-4  steepest 1.1e-3  tenth of least 3.2e-4  diverged at 1.9e-2`
  private func summary(of test: RangeTest) -> String {
    guard let pick = test.pick else {
      return "pick none: the \(test.metric) never fell between \(RangeTest.text(from)) and "
        + RangeTest.text(to)
    }
    let parts = [
      ("steepest", test.steepest), ("tenth of least", test.tenthOfLeast),
      ("diverged at", test.divergedAt),
    ].compactMap { name, rate in rate.map { "\(name) \(RangeTest.text($0))" } }
    return (["pick \(RangeTest.text(pick))"] + parts).joined(separator: "  ")
  }
}
