/// The runner's own keys: the group `train` of every experiment file.
public struct TrainingConfiguration: ExperimentConfiguration {
  /// How many epochs to train.
  public var epochs = 10
  /// The seed that every random stream derives from.
  public var seed = 1
  /// Steps between two training lines of `metrics.jsonl`.
  public var logEvery = 50
  /// Epochs between two evaluations; the last epoch is always evaluated.
  public var evaluateEvery = 1
  /// Epochs between two exports; 0 exports at the end only.
  public var exportEvery = 0
  /// Steps between two checkpoints; 0 saves at the end of every epoch.
  public var checkpointEvery = 0
  /// How many checkpoints to keep.
  public var keep = 2
  /// The most steps an epoch takes; 0 takes all.
  public var stepLimit = 0
  /// When training ends before its last epoch.
  public var earlyStopping = EarlyStoppingConfiguration()
  /// When learning rates become smaller.
  public var reduceOnPlateau = ReduceOnPlateauConfiguration()
  /// Epochs between two looks at weights, gradients and activations; 0 never looks.
  public var watchEvery = 0

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integer("epochs", \.epochs, in: 1...1_000_000, unit: "epochs", "How long to train.")
        .changing(.growing),
      .integer(
        "seed", \.seed, in: 0...Int.max, "The seed that every random stream derives from."),
      .integer(
        "logEvery", \.logEvery, in: 1...1_000_000, unit: "steps",
        "How often a training line is written to metrics.jsonl."),
      .integer(
        "evaluateEvery", \.evaluateEvery, in: 1...1_000_000, unit: "epochs",
        "How often to measure on the test data; the last epoch always is."),
      .integer(
        "exportEvery", \.exportEvery, in: 0...1_000_000, unit: "epochs",
        "How often to write pictures; 0 is at the end only."
      ).changing(.any),
      .integer(
        "checkpointEvery", \.checkpointEvery, in: 0...1_000_000_000, unit: "steps",
        "How often to save; 0 is at the end of every epoch."
      ).changing(.any),
      .integer(
        "keep", \.keep, in: 1...10_000, unit: "checkpoints",
        "How many of the newest to keep; the best is kept besides."
      ).changing(.any),
      .integer(
        "stepLimit", \.stepLimit, in: 0...1_000_000_000, unit: "steps",
        "The most steps an epoch takes; 0 takes all."),
      .group("earlyStopping", \.earlyStopping, "When training ends before its last epoch."),
      .group("reduceOnPlateau", \.reduceOnPlateau, "When learning rates become smaller."),
      .integer(
        "watchEvery", \.watchEvery, in: 0...1_000_000, unit: "epochs",
        "How often to look at weights, gradients and activations; 0 is never."
      ).changing(.any),
    ]
  }
}
