import FileFormats

/// Begins and resumes runs of one module.
struct Runner<Module: Experiment> {
  typealias Configuration = RunConfiguration<TrainingConfiguration, Module.Configuration>

  let settings: RunSettings

  /// Says what a configuration contradicts.
  func warn(of resolved: Resolved<Configuration>) {
    for warning in resolved.warnings { settings.journal.note(warning.warning) }
  }

  /// Builds an experiment that no run belongs to yet.
  ///
  /// - Parameter growth: told when the experiment begins to make its programs.
  func build(
    _ resolved: Resolved<Configuration>, observing growth: MemoryGrowth? = nil
  ) throws -> Module {
    var context = settings.context(seed: resolved.value.train.seed)
    context.memoryGrowth = growth
    return try Module(resolved.value.module, in: context)
  }

  /// Trains a new run in a folder of its own. The experiment is built first: when its data are
  /// missing there is no folder.
  ///
  /// - Parameter name: the run's name; nil for the experiment's with the next free number.
  func begin(
    _ resolved: Resolved<Configuration>, in outputs: String, named name: String? = nil
  ) throws -> RunResult {
    warn(of: resolved)
    let experiment = try build(resolved)
    try refuseUnsuitable(resolved.value.train, of: experiment)
    let plan = TrainingPlan(resolved.value.train, stepsPerEpoch: experiment.stepsPerEpoch)
    let description = try experiment.describe()
    try RunForecast(try experiment.state(), plan, peakMemoryBytes: nil, in: outputs)
      .refuseTooLittleDisk(plan, in: outputs)
    let folder =
      try name.map { try RunFolder.create(named: $0, in: outputs) }
      ?? RunFolder.create(experiment: resolved.experiment.name, in: outputs)
    let lock = try FolderLock(folder.path, since: WallClock.text(WallClock.now))
    guard Files.kind(of: folder.record) == nil else {
      throw FileError(.busy, path: folder.path, "another process has just begun this run")
    }
    try DurableFile.write(Array(resolved.yaml.utf8), to: folder.configuration)
    let now = WallClock.now
    let record = RunRecord(
      status: .running, experiment: resolved.experiment.name, module: Module.module,
      seed: resolved.value.train.seed, step: 0, steps: plan.steps, epochs: plan.training.epochs,
      evaluation: Metrics(), parameters: description.parameters, started: now, updated: now,
      seconds: 0, sessions: 1, threads: settings.threads, dataFolder: settings.dataFolder,
      sources: description.sources, components: settings.components, machine: .current)
    try record.write(to: folder)
    try settings.journal.keep(in: folder.log)
    settings.journal.note(
      "\(folder.name)  seed \(record.seed)  \(Quantity.count(record.parameters, "parameter"))  "
        + "\(Quantity.count(plan.steps, "step"))  \(folder.path)")
    tell(record)
    return try train(
      experiment, plan, in: folder, lock: lock, resolved: resolved, record: record, from: nil)
  }

  /// Carries a run on from its newest whole checkpoint, or from its beginning when nothing was
  /// saved.
  ///
  /// - Parameters:
  ///   - file: the run's `config.yaml`.
  ///   - overrides: what to change of it, as far as the keys allow.
  func resume(
    _ file: ExperimentFile, overrides: [String], in folder: RunFolder, lock: FolderLock
  ) throws -> RunResult {
    var record = try RunRecord.read(folder)
    try settings.journal.keep(in: folder.log)
    try folder.removeLeftovers()
    let begun = try resolve(Configuration.self, file: file)
    let resolved = try resolve(Configuration.self, file: file, overrides: overrides)
    try refuseChanges(since: begun.members, resolved, in: folder)
    let checkpoint = try newestCheckpoint(in: folder, for: resolved)
    warn(of: resolved)
    let experiment = try build(resolved)
    try refuseUnsuitable(resolved.value.train, of: experiment)
    try refuseOtherData(experiment, record, in: folder)
    try writeChanges(of: resolved, over: begun, in: folder)
    let plan = TrainingPlan(resolved.value.train, stepsPerEpoch: experiment.stepsPerEpoch)
    let step = checkpoint?.step ?? 0
    record.status = .running
    record.problem = nil
    record.divergence = nil
    record.step = step
    record.steps = plan.steps
    record.epochs = plan.training.epochs
    record.updated = WallClock.now
    record.sessions += 1
    record.threads = settings.threads
    record.dataFolder = settings.dataFolder
    record.components = settings.components
    record.machine = .current
    try record.write(to: folder)
    settings.journal.note(
      "\(folder.name)  resumes at step \(Quantity.count(step)) of \(Quantity.count(plan.steps))")
    tell(record)
    return try train(
      experiment, plan, in: folder, lock: lock, resolved: resolved, record: record,
      from: checkpoint)
  }

  /// Refuses what of the group `train` asks for more than an experiment has.
  private func refuseUnsuitable(
    _ training: TrainingConfiguration, of experiment: Module
  ) throws(RunError) {
    for (key, metric) in [
      ("earlyStopping", training.earlyStopping.metric),
      ("reduceOnPlateau", training.reduceOnPlateau.metric),
    ] {
      try Patience.check(metric, of: "train.\(key).metric", goals: Module.goals)
    }
    if training.reduceOnPlateau.patience > 0 { _ = try LearningRates.required(of: experiment) }
  }

  /// Says by what the run is trained, and from which data.
  private func tell(_ record: RunRecord) {
    let machine = record.machine
    settings.journal.detail(
      "\(machine.processor), \(Quantity.count(record.threads, "thread"))")
    for component in record.components {
      settings.journal.detail("\(component.name) \(component.version)")
    }
    for source in record.sources { settings.journal.detail("\(source.name)  \(source.sha256)") }
  }

  /// An experiment in the state of one of a run's checkpoints.
  func open(
    _ resolved: Resolved<Configuration>, in folder: RunFolder, at choice: CheckpointChoice
  ) throws -> OpenRun {
    let best = { BestEvaluation(of: try MetricsLine.read(folder), goals: Module.goals)?.step }
    let found: Checkpoint? =
      switch choice {
      case .newest: try newestCheckpoint(in: folder, for: resolved)
      case .best: try best().map { try checkpoint(ofStep: $0, in: folder, for: resolved) }
      case .step(let step): try checkpoint(ofStep: step, in: folder, for: resolved)
      }
    guard let checkpoint = found else {
      throw RunError(
        .damaged, "\(folder.name) has no checkpoint yet",
        hint: "train it with 'atelier resume \(folder.name)'")
    }
    var experiment = try build(resolved)
    try refuseOtherData(experiment, try RunRecord.read(folder), in: folder)
    try experiment.restore(checkpoint.records)
    return OpenRun(
      folder: folder, experiment: experiment, seed: UInt64(resolved.value.train.seed),
      step: checkpoint.step)
  }

  /// Trains, and leaves a word in `run.json` however it ends.
  private func train(
    _ experiment: Module, _ plan: TrainingPlan, in folder: RunFolder, lock: FolderLock,
    resolved: Resolved<Configuration>, record: RunRecord, from checkpoint: Checkpoint?
  ) throws -> RunResult {
    defer { withExtendedLifetime(lock) {} }
    try ModelFile.write(experiment.describe(), to: folder)
    var loop = try TrainingLoop(
      experiment, plan, in: folder, configuration: resolved.members, record: record,
      from: checkpoint, journal: settings.journal, stop: settings.stop,
      rebuild: { try build(resolved) })
    do {
      let end = try loop.run()
      try loop.conclude(end == .finished ? .finished : .stopped)
      try RunReport.write(folder, module: Module.self)
      return RunResult(folder: folder, record: loop.record, end: end)
    } catch {
      let isDivergence = (error as? RunError)?.kind == .diverged
      settings.journal.log("\(error)")
      // The first error is the one to tell.
      try? loop.conclude(isDivergence ? .diverged : .failed, problem: "\(error)")
      try? RunReport.write(folder, module: Module.self)
      throw error
    }
  }

  private func checkpoint(
    ofStep step: Int, in folder: RunFolder, for resolved: Resolved<Configuration>
  ) throws -> Checkpoint {
    let checkpoints = CheckpointFolder(folder.checkpoints)
    let steps = try checkpoints.steps()
    guard steps.contains(step) else {
      throw RunError(
        .notFound, "\(folder.name) keeps no checkpoint of step \(step)",
        hint: "it keeps those of \(steps.map(String.init).joined(separator: ", "))")
    }
    let checkpoint = try Checkpoint(reading: checkpoints.file(of: step))
    try refuseChanges(since: checkpoint.configuration, resolved, in: folder)
    return checkpoint
  }

  private func newestCheckpoint(
    in folder: RunFolder, for resolved: Resolved<Configuration>
  ) throws -> Checkpoint? {
    let metricsLength = try folder.metricsLength()
    let newest = try CheckpointFolder(folder.checkpoints).newestValid(metricsLength: metricsLength)
    {
      settings.journal.note("skipped a damaged checkpoint: \($0)")
    }
    if let newest {
      try refuseChanges(since: newest.configuration, resolved, in: folder)
    }
    return newest
  }

  /// Refuses to carry a run on with another configuration than it was trained by so far, but for what
  /// the keys allow.
  private func refuseChanges(
    since members: [JSON.Member], _ resolved: Resolved<Configuration>, in folder: RunFolder
  ) throws(RunError) {
    let module = members.first { $0.key == "module" }?.value.stringValue ?? "none"
    var changes: [String] = []
    if module != resolved.experiment.module {
      changes.append("module: \(module) -> \(resolved.experiment.module)")
    }
    let keys = ConfigurationSchema<Configuration>().keys
    for (key, entry) in zip(keys, resolved.entries) {
      let old = members.first { $0.key == key.path }?.value.stringValue
      guard old != entry.value.description else { continue }
      // The key is younger than the run, and nobody has set it since.
      if old == nil, case .standard = entry.origin { continue }
      if let old, key.property.type.reads(old, changedTo: entry.value, by: key.change) { continue }
      changes.append("\(key.path): \(old ?? "none") -> \(entry.value)")
    }
    guard changes.isEmpty else {
      let free = keys.filter { $0.change == .any }.map(\.path).joined(separator: ", ")
      let growing = keys.filter { $0.change == .growing }.map(\.path).joined(separator: ", ")
      throw RunError(
        .changedConfiguration,
        "\(folder.name) was begun with another configuration (\(changes.joined(separator: ", ")))",
        hint: "only \(growing) may grow, and \(free) may change; begin a new run for the rest")
    }
  }

  /// Brings `config.yaml` up to date when a run goes on with changed keys. Only their lines change, so
  /// that the others keep their origins.
  private func writeChanges(
    of resolved: Resolved<Configuration>, over begun: Resolved<Configuration>, in folder: RunFolder
  ) throws(FileError) {
    let changed = zip(begun.entries, resolved.entries).filter { $0.value != $1.value }
    if changed.isEmpty { return }
    var lines = String(decoding: try Files.read(folder.configuration), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (old, new) in changed {
      guard case .file(_, let line) = old.origin else {
        // Not a file that a run wrote: written anew as a whole.
        return try DurableFile.write(Array(resolved.yaml.utf8), to: folder.configuration)
      }
      let name = new.key.split(separator: ".").last ?? ""
      lines[line - 1] =
        lines[line - 1].prefix { $0 == " " } + "\(name): \(new.value)  # resume"
    }
    try DurableFile.write(
      Array(lines.joined(separator: "\n").utf8), to: folder.configuration)
  }

  /// Refuses to carry a run on with other data than it was begun with.
  private func refuseOtherData(
    _ experiment: Module, _ record: RunRecord, in folder: RunFolder
  ) throws {
    let sources = try experiment.describe().sources
    guard sources == record.sources else {
      let changed = sources.filter { !record.sources.contains($0) }.map(\.name)
      throw RunError(
        .damaged,
        "\(folder.name) was begun with other data (\(changed.joined(separator: ", ")) changed)",
        hint: "bring the old files back, or begin a new run")
    }
  }
}

extension Resolved {
  /// The module, and the value of every key as text, for a checkpoint.
  var members: [JSON.Member] {
    [.init("module", .string(experiment.module))]
      + entries.map { .init($0.key, .string($0.value.description)) }
  }
}
