/// How many steps a run takes, and after which of them something happens besides training. Steps
/// are counted as done, from 1; epochs likewise.
struct TrainingPlan: Sendable {
  /// Steps of one epoch.
  let stepsPerEpoch: Int
  /// Steps of the whole run.
  private(set) var steps: Int
  /// The epoch that the run ends with.
  private(set) var lastEpoch: Int
  /// The keys of the group `train`.
  let training: TrainingConfiguration

  init(_ training: TrainingConfiguration, stepsPerEpoch: Int) {
    precondition(stepsPerEpoch >= 1, "an epoch takes at least one step")
    self.training = training
    self.stepsPerEpoch =
      training.stepLimit == 0 ? stepsPerEpoch : min(stepsPerEpoch, training.stepLimit)
    // No machine comes to the end of a run that saturates here.
    let (product, overflow) = self.stepsPerEpoch.multipliedReportingOverflow(by: training.epochs)
    steps = overflow ? .max : product
    lastEpoch = training.epochs
  }

  /// The most checkpoints that are on the disk at a time: those kept, the best and a new one.
  var mostCheckpoints: Int { training.keep + 2 }

  /// Lets the run end before it was to.
  mutating func end(afterEpoch epoch: Int) {
    lastEpoch = epoch
    steps = stepsPerEpoch * epoch
  }

  /// The epoch that a step belongs to.
  func epoch(of step: Int) -> Int {
    max(step - 1, 0) / stepsPerEpoch + 1
  }

  /// Whether a step is the last of its epoch.
  func endsEpoch(_ step: Int) -> Bool {
    step % stepsPerEpoch == 0
  }

  /// Whether a line of means is written after a step. Lines never span epochs.
  func logs(_ step: Int) -> Bool {
    endsEpoch(step) || step % training.logEvery == 0
  }

  /// Whether the test data are measured at the end of an epoch.
  func evaluates(_ epoch: Int) -> Bool {
    epoch == lastEpoch || epoch % training.evaluateEvery == 0
  }

  /// Whether pictures are written at the end of an epoch.
  func exports(_ epoch: Int) -> Bool {
    epoch == lastEpoch || (training.exportEvery > 0 && epoch % training.exportEvery == 0)
  }

  /// Whether the state is saved after a step.
  func saves(_ step: Int) -> Bool {
    if step == steps { return true }
    let interval = training.checkpointEvery
    return interval == 0 ? endsEpoch(step) : step % interval == 0
  }
}
