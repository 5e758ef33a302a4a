import FileFormats
import TensorEngine

/// The work on a run: steps, lines of metrics, evaluations, exports, checkpoints.
///
/// What goes to `metrics.jsonl`, to `images/` and to the last checkpoint is a function of the
/// configuration and the data alone, whatever interruptions there were.
struct TrainingLoop<Module: Experiment> {
  /// What `run.json` says at the moment.
  private(set) var record: RunRecord
  private var experiment: Module
  private var plan: TrainingPlan
  private let folder: RunFolder
  private let configuration: [JSON.Member]
  private let checkpoints: CheckpointFolder
  private let metricsLog: MetricsLog
  private let timingLog: TimingLog
  private let journal: Journal
  private let stop: StopRequest
  private let secondsBefore: Double
  private var step: Int
  /// What the newest checkpoint holds.
  private var saved: (step: Int, isEpochOpen: Bool)?
  /// The length of `metrics.jsonl` where an epoch ended whose evaluation and exports are not done
  /// yet. One that is stopped is repeated from there.
  private var openEpochLength: Int?
  /// The last step after which every number of the state was found finite.
  private var finiteStep: Int
  private let rebuild: () throws -> Module
  private var best: BestEvaluation?
  private var callbacks: EvaluationCallbacks
  private var watch: ModelWatch
  private var means: RunningMeans
  private var progress: ProgressReporter

  /// Takes up a run where a checkpoint left it, or at its beginning.
  ///
  /// - Parameters:
  ///   - experiment: built from the run's configuration; takes over the checkpoint's state.
  ///   - configuration: the value of every key, to be kept in checkpoints.
  ///   - record: what `run.json` says.
  ///   - rebuild: builds the experiment anew, to look for the beginning of a divergence that came
  ///     before the first checkpoint.
  init(
    _ experiment: Module, _ plan: TrainingPlan, in folder: RunFolder,
    configuration: [JSON.Member], record: RunRecord, from checkpoint: Checkpoint?,
    journal: Journal, stop: StopRequest, rebuild: @escaping () throws -> Module
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
    saved = checkpoint.map { ($0.step, $0.isEpochOpen) }
    openEpochLength = checkpoint.flatMap { $0.isEpochOpen ? $0.metricsLength : nil }
    finiteStep = step
    self.rebuild = rebuild
    let lines = try MetricsLine.read(folder)
    best = BestEvaluation(of: lines, goals: Module.goals)
    callbacks = EvaluationCallbacks(
      plan.training, goals: Module.goals, in: experiment.inspectedWorkspace)
    watch = ModelWatch(every: plan.training.watchEvery, in: folder)
    means = checkpoint?.means ?? RunningMeans()
    progress = ProgressReporter(
      journal, firstStep: step, steps: plan.steps, epochs: plan.training.epochs,
      samplesPerStep: experiment.samplesPerStep)
    if let checkpoint {
      try self.experiment.restore(checkpoint.records)
    }
    for line in lines { _ = take(line) }
    // Other patience than before may have ended the run in what is done already.
    if self.plan.steps < step {
      self.plan.end(afterEpoch: plan.epoch(of: step))
      (self.record.steps, self.record.epochs) = (self.plan.steps, self.plan.lastEpoch)
    }
    callbacks.setLearningRates(after: step)
  }

  /// Trains to the end of the run, or until somebody asks to stop.
  mutating func run() throws -> RunResult.End {
    defer { journal.finishProgress() }
    do {
      if openEpochLength != nil { try finishEpoch() }
      while step < plan.steps {
        try stop.check()
        try takeStep()
      }
    } catch let interruption as Interruption {
      try save()
      try watch.draw(titled: record.experiment)
      return .stopped(signal: interruption.signal)
    }
    try watch.draw(titled: record.experiment)
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
    let epoch = plan.epoch(of: step + 1)
    let metrics =
      try watch.isDue(in: epoch) ? watch.step(&experiment, step, epoch) : experiment.step(step)
    step += 1
    means.add(metrics)
    if let symptom = symptom(of: metrics) ?? Self.symptom(of: means.firstNonFinite) {
      try diverge(symptom)
    }
    if plan.endsEpoch(step) || step - finiteStep >= Self.stepsBetweenInspections {
      try inspectState()
    }
    progress.advance(to: step, epoch: epoch, metrics)
    if plan.logs(step) {
      try metricsLog.append(MetricsLine(.train, step: step, epoch: epoch, means.means))
      means.removeAll()
      try timingLog.append(
        .train, step: step, seconds: progress.elapsed, samplesPerSecond: progress.rate(at: step))
    }
    if plan.endsEpoch(step) {
      openEpochLength = metricsLog.length
      try finishEpoch()
    } else if plan.saves(step) {
      try save()
    }
  }

  /// Evaluates, exports and saves after the last step of an epoch.
  private mutating func finishEpoch() throws {
    let epoch = plan.epoch(of: step)
    if plan.evaluates(epoch) {
      let metrics = try timed(.evaluation) { (loop) in try loop.experiment.evaluate() }
      if let symptom = Self.symptom(of: metrics.firstNonFinite) {
        try divergeInEvaluation("test " + symptom)
      }
      let line = MetricsLine(.evaluation, step: step, epoch: epoch, metrics)
      try metricsLog.append(line)
      best = BestEvaluation(best, line, goals: Module.goals)
      record.evaluation = metrics
      if let text = take(line) { journal.note(text) }
    }
    if plan.exports(epoch) {
      let isLast = epoch == plan.lastEpoch
      let exports = try Exports(
        folder: isLast ? folder.images : folder.images(after: epoch), epoch: epoch,
        stop: stop)
      try timed(.export) { (loop) in try loop.experiment.export(to: exports) }
    }
    openEpochLength = nil
    // Of a state that is better than all before, none may be lost.
    if plan.saves(step) || best?.step == step {
      try save()
    }
  }

  /// Takes a line of metrics into account that is written already.
  ///
  /// - Returns: what is to be told of it.
  private mutating func take(_ line: MetricsLine) -> String? {
    switch callbacks.take(line) {
    case .ends where line.epoch < plan.lastEpoch:
      plan.end(afterEpoch: line.epoch)
      (record.steps, record.epochs) = (plan.steps, plan.lastEpoch)
      let found = best.map { ", best after step \(Quantity.count($0.step))" } ?? ""
      return "early stopping after epoch \(line.epoch)\(found)"
    case .slows(let text): return text
    case .ends, nil: return nil
    }
  }

  /// Saves everything: first the lines that the checkpoint counts on, then the checkpoint.
  private mutating func save() throws {
    let isEpochOpen = openEpochLength != nil
    if let saved, saved == (step, isEpochOpen) { return }
    try timed(.checkpoint) { (loop) in
      let records = try loop.experiment.state()
      if let record = records.first(where: \.isNonFinite) {
        try loop.diverge("state '\(record.name)' is not finite")
      }
      try loop.metricsLog.synchronize()
      let checkpoint = Checkpoint(
        step: loop.step, metricsLength: loop.openEpochLength ?? loop.metricsLog.length,
        isEpochOpen: isEpochOpen, means: loop.means, configuration: loop.configuration,
        records: records)
      try loop.checkpoints.save(
        checkpoint, keeping: loop.plan.training.keep, and: loop.best?.step)
    }
    saved = (step, isEpochOpen)
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
}

// MARK: Divergence

extension TrainingLoop {
  /// States of up to so many numbers are looked at after every step: biases and their moments among
  /// them. The gradient of a bias sums the cotangents that the gradient of its weight is made of, so
  /// that what is not finite there shows here at once.
  private static var smallState: Int { 4096 }
  /// Steps after which, at the latest, all states are looked at: rare enough to cost less than a
  /// hundredth of the time, since a step reads and writes each of them several times.
  private static var stepsBetweenInspections: Int { 50 }

  private static func symptom(of measure: Metrics.Measure?) -> String? {
    // A NaN may have a sign, which says nothing.
    measure.map { "\($0.name) is \($0.value.isNaN ? .nan : $0.value)" }
  }

  /// What shows that a step's numbers are not finite, of the little that is looked at in each.
  private func symptom(of metrics: Metrics) -> String? {
    Self.symptom(of: metrics.firstNonFinite)
      ?? experiment.nonFiniteState(ofCountUpTo: Self.smallState)
  }

  /// Looks at the whole state.
  private mutating func inspectState() throws {
    if let symptom = experiment.nonFiniteState() { try diverge(symptom) }
    finiteStep = step
  }

  /// Stops the run in the step that was taken last, and says where its numbers came from.
  private mutating func diverge(_ symptom: String) throws -> Never {
    var found = Divergence(step: step, symptom: symptom, origin: nil)
    do {
      found = try repeatedDivergence() ?? found
    } catch {
      journal.log("repeating the steps failed: \(error)")
    }
    try end(at: found)
  }

  private mutating func divergeInEvaluation(_ symptom: String) throws -> Never {
    let origin = try experiment.inspectedWorkspace?.findNonFinite {
      _ = try experiment.evaluate()
    }
    try end(at: Divergence(step: step, symptom: symptom, origin: origin))
  }

  /// Repeats the steps since the newest checkpoint, those since the state was last known to be
  /// finite under inspection. A step is a function of the state before it, so they end alike.
  ///
  /// - Returns: nil when the experiment has no programs, or somebody asks to stop.
  private mutating func repeatedDivergence() throws -> Divergence? {
    guard experiment.inspectedWorkspace != nil else { return nil }
    let first = saved?.step ?? 0
    journal.note("repeating \(Quantity.count(step - first, "step")) to find the operation")
    if saved == nil {
      experiment = try rebuild()
      callbacks.turn(to: experiment.inspectedWorkspace)
    } else {
      try experiment.restore(Checkpoint(reading: checkpoints.file(of: first)).records)
    }
    guard let workspace = experiment.inspectedWorkspace else { return nil }
    for number in first..<step where stop.signal == nil {
      callbacks.setLearningRates(after: number)
      guard number >= finiteStep else {
        _ = try experiment.step(number)
        continue
      }
      var metrics = Metrics()
      let origin = try workspace.findNonFinite { metrics = try experiment.step(number) }
      if let symptom = Self.symptom(of: metrics.firstNonFinite) ?? experiment.nonFiniteState() {
        return Divergence(step: number + 1, symptom: symptom, origin: origin)
      }
    }
    return nil
  }

  private mutating func end(at divergence: Divergence) throws(RunError) -> Never {
    record.divergence = divergence
    let kept = saved.map { "the state after step \($0.step) is kept" } ?? "nothing was saved yet"
    throw RunError(
      .diverged, "\(folder.name) diverged: \(divergence.text); \(kept)",
      hint: "try a smaller learning rate, or another seed")
  }
}
