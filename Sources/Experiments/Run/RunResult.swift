/// What a run came to in this process.
public struct RunResult: Sendable {
  /// How a run ends that meets no error.
  public enum End: Sendable, Hashable {
    /// It was trained to its end.
    case finished
    /// It was saved because this signal asked for it.
    case stopped(signal: Int32)
  }

  /// The run's folder.
  public let folder: RunFolder
  /// What `run.json` says.
  public let record: RunRecord
  /// How it ended.
  public let end: End
}

/// Which of a run's checkpoints is meant.
public enum CheckpointChoice: Sendable, Hashable {
  /// The newest that is whole.
  case newest
  /// That of the best evaluation.
  case best
  /// The one after so many steps.
  case step(Int)
}

/// A run one of whose checkpoints was loaded, for sampling and for looking inside.
public struct OpenRun {
  /// The run's folder.
  public let folder: RunFolder
  /// The experiment in its trained state.
  public let experiment: any Experiment
  /// The run's seed.
  public let seed: UInt64
  /// How many steps the state was trained by.
  public let step: Int
}
