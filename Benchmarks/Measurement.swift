/// What timing a workload gave.
public struct Measurement: Sendable {
  /// One figure per repetition, in the benchmark's metric.
  public let values: [Double]
  /// Steps a repetition.
  public let stepsPerRepetition: Int
  /// From the start of tracing to the end of the first step, in seconds.
  public let firstCallSeconds: Double
  /// From the start of tracing to the end of the warm-up, in seconds.
  public let warmUpSeconds: Double
  /// The loss of the first step.
  public let firstLoss: Double?
  /// The mean loss of the last repetition.
  public let lastLoss: Double?
  /// The largest resident memory so far, in bytes.
  public let peakMemory: Int
  /// Floating-point operations a second of this machine's matrix product, just before.
  public let machineRate: Double
  /// Processors used by this process: the median over the repetitions.
  public let ownProcessors: Double
  /// Processors used by others: the largest over the repetitions.
  public let otherProcessors: Double
  /// Repetitions that were thrown away because others ran.
  public let discarded: Int
  /// Whether the machine was never quiet long enough.
  public let isContended: Bool
}

extension Benchmark {
  /// Times the workload in this process.
  ///
  /// - Throws: what preparing and compiling throw.
  public func measure(
    _ settings: BenchmarkSettings, plan: MeasurementPlan
  ) throws -> Measurement {
    let workload = try workload(settings)
    let begin = Stopwatch()
    let step = try workload.compile()
    let firstLoss = step()
    let firstCallSeconds = begin.seconds
    _ = step()

    let warmUp = Stopwatch()
    var times: [Double] = []
    while warmUp.seconds < plan.warmUpSeconds || times.count < plan.warmUpSteps {
      let one = Stopwatch()
      _ = step()
      times.append(one.seconds)
    }
    // The later ones: an agent's first steps do not learn yet.
    let usual = Array(times.suffix((times.count + 1) / 2)).median
    let steps = max(1, Int((plan.repetitionSeconds / usual).rounded()))
    let warmUpSeconds = begin.seconds
    let peakMemory = MachineLoad.peakResidentBytes
    let machineRate = try MachineRate.matrixProduct(threads: settings.threads)

    var lossSum = 0.0
    let repetitions = Repetitions(plan) {
      lossSum = 0
      let time = Stopwatch()
      for _ in 0..<steps { lossSum += Double(step() ?? .nan) }
      return value(steps: steps, seconds: time.seconds)
    }
    return Measurement(
      values: repetitions.values, stepsPerRepetition: steps, firstCallSeconds: firstCallSeconds,
      warmUpSeconds: warmUpSeconds, firstLoss: firstLoss.map { Double($0) },
      lastLoss: firstLoss.map { _ in lossSum / Double(steps) }, peakMemory: peakMemory,
      machineRate: machineRate, ownProcessors: repetitions.ownProcessors,
      otherProcessors: repetitions.otherProcessors, discarded: repetitions.discarded,
      isContended: repetitions.isContended)
  }

  private func value(steps: Int, seconds: Double) -> Double {
    metric == .microsecondsPerStep
      ? seconds / Double(steps) * 1e6 : Double(steps * unitsPerStep) / seconds
  }

  /// Floating-point operations a second at a value of the metric.
  func workRate(at value: Double) -> Double {
    metric == .microsecondsPerStep
      ? workPerUnit * Double(unitsPerStep) / (value * 1e-6) : workPerUnit * value
  }
}

/// The values of repetitions in which the machine was ours.
struct Repetitions {
  private(set) var values: [Double] = []
  private(set) var ownProcessors = 0.0
  private(set) var otherProcessors = 0.0
  private(set) var discarded = 0
  private(set) var isContended = false

  private struct Outcome {
    let value: Double
    let own: Double
    let others: Double
  }

  /// Repeats as the plan says. A repetition begins when the machine is quiet, and counts when it
  /// stayed so; where it never is, the least disturbed ones are used.
  init(_ plan: MeasurementPlan, _ repetition: () -> Double) {
    let total = Stopwatch()
    var clean: [Outcome] = []
    var disturbed: [Outcome] = []
    var spent = 0.0
    while clean.count < plan.repetitions {
      if clean.count >= plan.minimumRepetitions && spent > plan.budgetSeconds { break }
      if plan.patienceSeconds > 0 { MachineLoad.waitForQuiet(atMost: 10) }
      let load = MachineLoad()
      let time = Stopwatch()
      let value = repetition()
      let seconds = time.seconds
      let use = load.sinceThen()
      let outcome = Outcome(value: value, own: use.own, others: use.others)
      if use.isQuiet {
        clean.append(outcome)
        spent += seconds
      } else {
        disturbed.append(outcome)
      }
      let isOver = total.seconds > plan.patienceSeconds + plan.budgetSeconds
      let isLong = plan.patienceSeconds == 0 && clean.count + disturbed.count >= plan.repetitions
      if isOver || isLong, clean.count + disturbed.count >= plan.minimumRepetitions { break }
    }
    var used = clean
    if clean.count < plan.minimumRepetitions {
      let missing = plan.minimumRepetitions - clean.count
      used += disturbed.sorted { $0.others < $1.others }.prefix(missing)
      isContended = true
    }
    values = used.map(\.value)
    ownProcessors = used.map(\.own).median
    otherProcessors = used.map(\.others).max() ?? 0
    discarded = clean.count + disturbed.count - used.count
  }
}

/// Time since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// Seconds so far.
  var seconds: Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}

extension [Double] {
  /// The middle one, or the mean of the middle two; 0 of none.
  var median: Double {
    if isEmpty { return 0 }
    let sorted = sorted()
    return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2
  }
}
