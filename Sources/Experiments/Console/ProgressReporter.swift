/// Decides when a training loop shows its progress: ten times a second on a terminal, every 5 % or
/// 30 seconds in a log.
struct ProgressReporter {
  private let journal: Journal
  private let samplesPerStep: Int
  private let firstStep: Int
  private let start = ContinuousClock.now
  private var line: ProgressLine
  private var shownTime: ContinuousClock.Instant?
  private var shownTwentieths: Int

  init(_ journal: Journal, firstStep: Int, steps: Int, epochs: Int, samplesPerStep: Int) {
    self.journal = journal
    self.samplesPerStep = samplesPerStep
    self.firstStep = firstStep
    line = ProgressLine(
      step: firstStep, steps: steps, epoch: 1, epochs: epochs, rate: 0, elapsed: 0, remaining: 0)
    shownTwentieths = line.twentieths
  }

  /// Seconds since the loop began.
  var elapsed: Double {
    start.duration(to: .now) / .seconds(1)
  }

  /// Samples a second since the loop began.
  func rate(at step: Int) -> Double {
    Double((step - firstStep) * samplesPerStep) / max(elapsed, 1e-9)
  }

  /// Takes a step into account and shows the line when it is time.
  mutating func advance(to step: Int, epoch: Int, _ metrics: Metrics) {
    line.step = step
    line.epoch = epoch
    if let first = metrics.measures.first {
      // An exponential mean over about twenty steps: steady to the eye, and quick to follow.
      let before = line.measure?.name == first.name ? line.measure?.value : nil
      line.measure = (first.name, before.map { 0.95 * $0 + 0.05 * first.value } ?? first.value)
    }
    let now = ContinuousClock.now
    guard isDue(at: now) else { return }
    shownTime = now
    shownTwentieths = line.twentieths
    line.elapsed = elapsed
    line.rate = rate(at: step)
    line.remaining = line.elapsed / Double(step - firstStep) * Double(line.steps - step)
    journal.show(line)
  }

  private func isDue(at now: ContinuousClock.Instant) -> Bool {
    if journal.terminal.isInteractive {
      return shownTime.map { $0.duration(to: now) >= .milliseconds(100) } ?? true
    }
    return line.twentieths > shownTwentieths
      || (shownTime ?? start).duration(to: now) >= .seconds(30)
  }
}
