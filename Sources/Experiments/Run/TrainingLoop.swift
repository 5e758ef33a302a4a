import FileFormats

/// The work on a run: steps, lines of metrics, evaluations, exports, checkpoints.
///
/// What goes to `metrics.jsonl`, to `images/` and to the last checkpoint is a function of the
/// configuration and the data alone, whatever interruptions there were.
struct TrainingLoop<Module: Experiment> {
  /// What `run.json` says at the moment.
  private(set) var record: RunRecord
  private var experiment: Module
  private let plan: TrainingPlan
  private let folder: RunFolder
  private let configuration: [JSON.Member]
  private let checkpoints: CheckpointFolder
  private let metricsLog: MetricsLog
  private let timingLog: TimingLog
  private let journal: Journal
  private let stop: StopRequest
  private let secondsBefore: Double
  private var step: Int
  private var savedStep: Int?
  private var means: RunningMeans
  private var progress: ProgressReporter

  /// Takes up a run where a checkpoint left it, or at its beginning.
  ///
  /// - Parameters:
  ///   - experiment: built from the run's configuration; takes over the checkpoint's state.
  ///   - configuration: the value of every key, to be kept in checkpoints.
  ///   - record: what `run.json` says.
  init(
    _ experiment: Module, _ plan: TrainingPlan, in folder: RunFolder,
    configuration: [JSON.Member], record: RunRecord, from checkpoint: Checkpoint?,
    journal: Journal, stop: StopRequest
  ) throws {
    self.experiment = experiment
    self.plan = plan
    self.folder = folder
    self.configuration = configuration
    self.record = record
    self.journal = journal
    self.stop = stop
    secondsBefore = record.seconds
    checkpoints = CheckpointFolder(folder.checkpoints)
    metricsLog = try MetricsLog(folder.metrics, keeping: checkpoint?.metricsLength ?? 0)
    timingLog = try TimingLog(folder.timing, session: record.sessions)
    step = checkpoint?.step ?? 0
    savedStep = checkpoint?.step
    means = checkpoint?.means ?? RunningMeans()
    progress = ProgressReporter(
      journal, firstStep: step, steps: plan.steps, epochs: plan.training.epochs,
      samplesPerStep: experiment.samplesPerStep)
    if let checkpoint {
      try self.experiment.restore(checkpoint.records)
    }
  }

  /// Trains to the end of the run, or until somebody asks to stop.
  mutating func run() throws -> RunResult.End {
    defer { journal.finishProgress() }
    while step < plan.steps {
      if let signal = stop.signal {
        try save()
        return .stopped(signal: signal)
      }
      try takeStep()
    }
    try LossCurves.draw(of: Module.self, titled: record.experiment, in: folder)
    return .finished
  }

  /// Writes `run.json` with a new status.
  mutating func conclude(_ status: RunRecord.Status, problem: String? = nil) throws(FileError) {
    record.status = status
    record.problem = problem
    record.updated = WallClock.now
    record.seconds = secondsBefore + progress.elapsed
    try record.write(to: folder)
  }

  private mutating func takeStep() throws {
    let metrics = try experiment.step(step)
    step += 1
    let epoch = plan.epoch(of: step)
    means.add(metrics)
    try refuse(metrics.firstNonFinite ?? means.firstNonFinite, of: "")
    progress.advance(to: step, epoch: epoch, metrics)
    if plan.logs(step) {
      try metricsLog.append(MetricsLine(.train, step: step, epoch: epoch, means.means))
      means.removeAll()
      try timingLog.append(
        .train, step: step, seconds: progress.elapsed, samplesPerSecond: progress.rate(at: step))
    }
    if plan.endsEpoch(step) {
      try finish(epoch)
    }
    if plan.saves(step) {
      try save()
    }
  }

  private mutating func finish(_ epoch: Int) throws {
    if plan.evaluates(epoch) {
      let metrics = try timed(.evaluation) { (loop) in try loop.experiment.evaluate() }
      try refuse(metrics.firstNonFinite, of: "test ")
      try metricsLog.append(MetricsLine(.evaluation, step: step, epoch: epoch, metrics))
      record.evaluation = metrics
    }
    if plan.exports(epoch) {
      let isLast = epoch == plan.training.epochs
      let exports = try Exports(
        folder: isLast ? folder.images : folder.images(after: epoch), epoch: epoch)
      try timed(.export) { (loop) in try loop.experiment.export(to: exports) }
    }
  }

  /// Saves everything: first the lines that the checkpoint counts on, then the checkpoint.
  private mutating func save() throws {
    guard savedStep != step else { return }
    try timed(.checkpoint) { (loop) in
      try loop.metricsLog.synchronize()
      let checkpoint = Checkpoint(
        step: loop.step, metricsLength: loop.metricsLog.length,
        means: loop.means, configuration: loop.configuration,
        records: try loop.experiment.state())
      try loop.checkpoints.save(checkpoint, keeping: loop.plan.training.keep)
    }
    savedStep = step
    record.step = step
    try conclude(.running)
  }

  private mutating func timed<Result>(
    _ kind: TimingLog.Kind, _ work: (inout Self) throws -> Result
  ) throws -> Result {
    let start = ContinuousClock.now
    let result = try work(&self)
    try timingLog.append(
      kind, step: step, seconds: start.duration(to: .now) / .seconds(1))
    return result
  }

  /// Stops the run at a measure that is infinite or not a number, if there is one.
  private func refuse(_ nonFinite: Metrics.Measure?, of what: String) throws(RunError) {
    guard let measure = nonFinite else { return }
    let kept = savedStep.map { "the state after step \($0) is kept" } ?? "nothing was saved yet"
    throw RunError(
      .diverged,
      "\(folder.name) diverged: \(what)\(measure.name) is \(measure.value) at step \(step); \(kept)",
      hint: "try a smaller learning rate, or another seed")
  }
}
