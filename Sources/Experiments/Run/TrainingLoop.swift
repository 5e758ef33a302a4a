import FileFormats

/// The schedule of a run: steps, lines of metrics, evaluations, exports, checkpoints.
///
/// What the loop writes to `metrics.jsonl`, to `images/` and to `checkpoints/` is a function of the
/// configuration and the data alone, whatever interruptions there were.
struct TrainingLoop<Module: Experiment>: ~Copyable {
  /// How a loop that met no error ended.
  enum End: Equatable {
    case finished
    case stopped(signal: Int32)
  }

  private(set) var experiment: Module
  private let training: TrainingConfiguration
  private let folder: RunFolder
  private let configuration: [ConfigurationEntry]
  private let checkpoints: CheckpointFolder
  private let journal: Journal
  private let stop: StopRequest
  /// Steps of an epoch, and of the whole run.
  let stepsPerEpoch: Int
  let steps: Int
  /// Steps done.
  private(set) var step: Int
  /// The newest training and test measures of this process.
  private(set) var latest = (training: Metrics(), evaluation: Metrics())
  private var means: RunningMeans
  private var metricsLog: MetricsLog
  private var timingLog: TimingLog
  private var progress: ProgressReporter

  
  /// Trains from where the run stands to its end, or until somebody asks to stop.
  mutating func run() throws -> End {
    defer { journal.finishProgress() }
    while step < steps {
      if let signal = stop.signal {
        try save()
        return .stopped(signal: signal)
      }
      try takeStep()
    }
    try LossCurves.draw(folder, units: Module.metricUnits)
    return .finished
  }

  private mutating func takeStep() throws {
    let metrics = try experiment.step(step)
    step += 1
    try refuseNonFinite(metrics, "step \(step)")
    means.add(metrics)
    latest.training = metrics
    let epochEnds = step % stepsPerEpoch == 0
    let epoch = (step - 1) / stepsPerEpoch + 1
    progress.advance(to: step, epoch: epoch, metrics)
    if epochEnds || step % training.logEvery == 0 {
      try writeMeans(epoch)
    }
    if epochEnds {
      try finish(epoch)
    }
    if step == steps || (training.checkpointEvery == 0 ? epochEnds : step % training.checkpointEvery == 0) {
      try save()
    }
  }
}
