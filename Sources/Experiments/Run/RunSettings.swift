import FileFormats

/// How a command wants an experiment to be carried out. Nothing of it changes a result.
public struct RunSettings: Sendable {
  /// How many threads to compute with.
  public var threads: Int
  /// The folder of data files that the user named.
  public var dataFolder: String?
  /// The program and its libraries, for `run.json`.
  public var components: [RunRecord.Component]
  /// What the run says, and to whom.
  public var journal: Journal
  /// Tells the run to save and stop.
  public var stop: StopRequest

  /// Settings; by default one thread, and nobody to stop the run.
  public init(
    threads: Int = 1, dataFolder: String? = nil, components: [RunRecord.Component] = [],
    journal: Journal = Journal(), stop: StopRequest = StopRequest()
  ) {
    self.threads = threads
    self.dataFolder = dataFolder
    self.components = components
    self.journal = journal
    self.stop = stop
  }

  func context(seed: Int) -> RunContext {
    let journal = journal
    return RunContext(
      seed: UInt64(seed), threads: threads, dataFolder: dataFolder, note: { journal.note($0) },
      stop: stop)
  }

  /// These settings, with the data where the run began with them unless the user named a folder.
  func findingData(of record: RunRecord) -> RunSettings {
    var settings = self
    settings.dataFolder = dataFolder ?? record.dataFolder
    return settings
  }
}
