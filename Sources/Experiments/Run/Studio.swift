import FileFormats

/// The experiments that this program can carry out: one entry a module. Everything a command does
/// with experiments and runs starts here.
public struct Studio: Sendable {
  /// The modules.
  public let modules: [any Experiment.Type]

  /// A studio of these modules.
  public init(_ modules: [any Experiment.Type]) {
    self.modules = modules
  }

  /// The module that an experiment file names.
  public func module(of file: ExperimentFile) throws(ConfigurationError) -> any Experiment.Type {
    guard let module = modules.first(where: { $0.module == file.module }) else {
      throw file.unknownModule(known: modules.map { $0.module })
    }
    return module
  }

  /// What an experiment is configured to do: every key with its value and where that was set.
  /// Nothing but the files is read.
  public func configuration(
    of file: ExperimentFile, overrides: [String]
  ) throws(ConfigurationError) -> [ExperimentReport.Key] {
    func keys<Module: Experiment>(
      _ module: Module.Type
    ) throws(ConfigurationError) -> [ExperimentReport.Key] {
      try resolve(Runner<Module>.Configuration.self, file: file, overrides: overrides).keys
    }
    return try keys(module(of: file))
  }

  /// What a run is configured to do, with the origins that it was begun with.
  public func configuration(
    of run: RunFolder, overrides: [String]
  ) throws -> [ExperimentReport.Key] {
    let origins = Dictionary(
      try RecordedKey.read(run).map { ($0.key, $0.origin) }, uniquingKeysWith: { first, _ in first }
    )
    let file = try ExperimentFolder.experiment(at: run.configuration)
    return try configuration(of: file, overrides: overrides).map { key in
      let isChanged = key.origin == ConfigurationOrigin.override.description
      guard !isChanged, let origin = origins[key.schema.key], !origin.isEmpty else { return key }
      return .init(schema: key.schema, value: key.value, origin: origin)
    }
  }

  /// Builds an experiment and says what it consists of and what it will take. Refuses one that does
  /// not fit in the memory there is, or on the disk of the folder `outputs`.
  public func describe(
    _ file: ExperimentFile, overrides: [String], in outputs: String = "outputs",
    settings: RunSettings
  ) throws -> ExperimentReport {
    func describe<Module: Experiment>(_ module: Module.Type) throws -> ExperimentReport {
      let resolved = try resolve(
        Runner<Module>.Configuration.self, file: file, overrides: overrides)
      let growth = MemoryGrowth()
      let runner = Runner<Module>(settings: settings)
      runner.warn(of: resolved)
      let experiment = try runner.build(resolved, observing: growth)
      return try ExperimentReport(experiment, resolved, growth, in: outputs)
    }
    return try describe(module(of: file))
  }

  /// Trains a new run of an experiment.
  ///
  /// - Parameters:
  ///   - file: the experiment.
  ///   - overrides: `key=value` texts that win over the file.
  ///   - outputs: the folder that the run's own folder is made in.
  ///   - name: the run's name; nil for the experiment's with the next free number.
  ///   - settings: how to carry it out.
  public func begin(
    _ file: ExperimentFile, overrides: [String], in outputs: String, named name: String? = nil,
    settings: RunSettings
  ) throws -> RunResult {
    func begin<Module: Experiment>(_ module: Module.Type) throws -> RunResult {
      let resolved = try resolve(
        Runner<Module>.Configuration.self, file: file, overrides: overrides)
      return try Runner<Module>(settings: settings).begin(resolved, in: outputs, named: name)
    }
    return try begin(module(of: file))
  }

  /// Carries a run on. Overrides are taken as far as their keys allow.
  public func resume(
    _ folder: RunFolder, overrides: [String], settings: RunSettings
  ) throws -> RunResult {
    let record = try RunRecord.read(folder)
    let lock = try FolderLock(folder.path, since: WallClock.text(WallClock.now))
    let settings = settings.findingData(of: record)
    func resume<Module: Experiment>(
      _ module: Module.Type, _ file: ExperimentFile
    ) throws -> RunResult {
      try Runner<Module>(settings: settings).resume(
        file, overrides: overrides, in: folder, lock: lock)
    }
    let file = try ExperimentFolder.experiment(at: folder.configuration)
    return try resume(module(of: file), file)
  }

  /// Loads a checkpoint of a run, finished or not, unless told otherwise the newest that is whole.
  /// The run may be at work.
  public func open(
    _ folder: RunFolder, at checkpoint: CheckpointChoice = .newest, settings: RunSettings
  ) throws -> OpenRun {
    let settings = settings.findingData(of: try RunRecord.read(folder))
    func open<Module: Experiment>(
      _ module: Module.Type, _ file: ExperimentFile
    ) throws -> OpenRun {
      let resolved = try resolve(Runner<Module>.Configuration.self, file: file)
      return try Runner<Module>(settings: settings).open(resolved, in: folder, at: checkpoint)
    }
    let file = try ExperimentFolder.experiment(at: folder.configuration)
    return try open(module(of: file), file)
  }
}
