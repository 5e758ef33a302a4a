import Datasets
import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// A classifier of images. What its last layer but one makes of images are the features that samples
/// are compared by.
public struct ImageClassifier: Experiment {
  /// The name in experiment files.
  public static let module = "classifier"
  /// What it trains.
  public static let summary = "Classifier of images, whose features judge samples"
  /// The loss is per image.
  public static let metricUnits: KeyValuePairs<String, String> = ["loss": "nats per image"]
  /// Less loss, more of the images right.
  public static let goals: [String: MeasureGoal] = [
    "loss": .less, "accuracy": .more, "top5": .more,
  ]

  let data: ClassifierData
  private let configuration: ClassifierConfiguration
  let network: ClassifierNetwork
  /// Where the programs run.
  public let workspace: Workspace<Float>
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  let sight: ClassifierSight
  private let note: @Sendable (String) -> Void
  private var loader: BatchLoader
  private var batch = BatchLoader.Batch()

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: ClassifierConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    note = context.note
    data = try ClassifierData(configuration, in: context)
    loader = BatchLoader(
      data.train, batchSize: configuration.batchSize, seed: context.seed,
      augmentation: configuration.augmentation)
    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let network = ClassifierNetwork(
      configuration, image: data.input.image, classes: data.classNames.count, random: &random)
    self.network = network
    let step = try ClassifierPrograms.trainingStep(configuration, network, data.input)
    layers = step.layers
    let loaded = try context.load(
      [
        ("training step", step.program),
        ("seeing", try ClassifierPrograms.seeing(network, data.input)),
      ], into: workspace)
    training = loaded[0]
    sight = ClassifierSight(
      program: loaded[1], width: configuration.features, stop: context.stop)
  }

  // MARK: Training

  /// Steps of one pass over the training images.
  public var stepsPerEpoch: Int { loader.perEpoch }
  /// Images of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where numbers that are not finite are looked for.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the weights by one batch. The first step tells the baselines before.
  public mutating func step(_ number: Int) throws -> Metrics {
    if number == 0 { note(try ClassifierBaselines(data).text) }
    try loader.load(number, into: &batch)
    training.set("images", to: batch.pixels)
    training.set("labels", to: batch.labels)
    training.run(step: number)
    return [
      "loss": Double(training.scalar("loss")), "accuracy": Double(training.scalar("accuracy")),
    ]
  }

  // MARK: Results

  /// The layers, the programs and the data.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: [training, sight.program].map {
        .init(name: $0.name, $0.program, threads: workspace.threads)
      },
      sources: ExperimentDescription.Source.list(of: data.files),
      notes: data.notes)
  }

  /// The weights, their average and Adam's state.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
