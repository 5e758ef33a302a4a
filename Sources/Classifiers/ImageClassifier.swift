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

  let data: Dataset
  private let configuration: ClassifierConfiguration
  private let workspace: Workspace<Float>
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  let sight: ClassifierSight
  private var batches: Batches
  private var pixels: [UInt8] = []
  private var labels: [Int32] = []

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: ClassifierConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    data = try configuration.data.load(batchSize: configuration.batchSize, in: context)
    let images = data.train
    try images.checkHalving(configuration.channels.count)
    guard images.classNames.count > 1 else {
      throw RunError(
        .unsuitable, "\(data.name) has no classes to tell apart",
        hint: "choose images in folders of classes")
    }
    batches = Batches(
      count: images.count, batchSize: configuration.batchSize, seed: context.seed)
    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let image: Shape = [images.channels, images.height, images.width]
    let network = ClassifierNetwork(
      configuration, image: image, classes: images.classNames.count, random: &random)
    let step = try ClassifierPrograms.trainingStep(configuration, network, image)
    layers = step.layers
    let loaded = try context.load(
      [
        ("training step", step.program),
        ("seeing", try ClassifierPrograms.seeing(network, image)),
      ], into: workspace)
    training = loaded[0]
    sight = ClassifierSight(
      program: loaded[1], width: configuration.features, stop: context.stop)
  }

  // MARK: Training

  /// Steps of one pass over the training images.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Images of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the weights by one batch.
  public mutating func step(_ number: Int) throws -> Metrics {
    let indices = batches.indices(ofStep: number)
    data.train.gather(indices, into: &pixels)
    data.train.gatherLabels(indices, into: &labels)
    training.set("images", to: pixels)
    training.set("labels", to: labels)
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
      sources: data.files.map { .init(name: Files.name(of: $0.path), sha256: $0.sha256) })
  }

  /// The weights, their average and Adam's state.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
