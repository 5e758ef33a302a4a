import ArgumentParser
import Experiments
import FileFormats
import Glibc

/// `atelier watch`: a run at work, live.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watch the curves of a run until it ends.",
    discussion: """
      Examples:
        atelier watch vae-fashion-001
        atelier watch vae-fashion-001 > measures.txt
        atelier watch vae-fashion-001 --json

      Nothing is written to the run's folder. In a pipe or a file, the measures are printed line by
      line as they come. Ctrl-C ends the watching, not the run.
      """)

  @Argument(
    help: ArgumentHelp("A run's name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  /// Between two looks at the run: often enough to seem live, too seldom to disturb it.
  private static let interval = Duration.milliseconds(500)

  func run() throws {
    let folder = try RunFolder.find(name, in: output.out)
    let stop = StopRequest()
    let watch = SignalWatch(stop) {}
    // A reader that went away ends the watching as it ends other filters.
    _ = signal(SIGPIPE, SIG_DFL)
    var display = Display(asJSON: format.json)
    // The record first: of a run that has ended, the measures are complete then.
    var summary = try RunSummary(folder)
    var history = RunHistory(of: folder)
    display.show(summary, history)
    while summary.record.status == .running {
      guard wait(unless: stop) else {
        throw ExitCode(StopRequest.exitCode(for: stop.signal ?? SIGINT))
      }
      summary = try RunSummary(folder)
      history.refresh()
      display.show(summary, history)
    }
    if let damage = history.damage {
      Journal().note("passed over damaged lines: \(damage)")
    }
    withExtendedLifetime(watch) {}
  }

  /// Waits for the next look; false as soon as somebody asks to stop.
  private func wait(unless stop: StopRequest) -> Bool {
    let end = ContinuousClock.now + Self.interval
    while ContinuousClock.now < end {
      if stop.signal != nil { return false }
      usleep(20_000)
    }
    return true
  }
}

/// What `watch` has shown so far.
private struct Display {
  let asJSON: Bool
  private var painted: [String] = []
  private var printedCount = 0

  init(asJSON: Bool) {
    self.asJSON = asJSON
  }

  /// Repaints the picture on a terminal where it changed; prints new lines elsewhere.
  mutating func show(_ summary: RunSummary, _ history: RunHistory) {
    let terminal = StandardStream.output.terminal
    guard terminal.isInteractive && !asJSON else { return printLines(history) }
    let view = WatchView(
      summary, history: history, timing: RunTiming(of: summary.folder),
      guide: Registry.studio.measureGuide(for: summary.record.module))
    let lines = view.lines(for: terminal)
    guard lines != painted else { return }
    // CSI A goes back to the first line, CSI K and J erase what was longer before (ECMA-48).
    let start = painted.isEmpty ? "" : "\u{1B}[\(painted.count)A\r"
    let body = lines.map { $0 + "\u{1B}[K\n" }.joined()
    StandardStream.output.write(start + body + "\u{1B}[J")
    painted = lines
  }

  private mutating func printLines(_ history: RunHistory) {
    // A run that was resumed meanwhile repeats the lines it had lost.
    printedCount = min(printedCount, history.lines.count)
    for line in history.lines[printedCount...] {
      StandardStream.output.writeLine(asJSON ? line.json.text() : text(of: line))
    }
    printedCount = history.lines.count
  }

  private func text(of line: MetricsLine) -> String {
    let measures = line.metrics.measures.map { "\($0.name) \(Quantity.measure($0.value))" }
    let words = [line.kind.rawValue, "step \(line.step)", "epoch \(line.epoch)"]
    return (words + measures).joined(separator: "\t")
  }
}
