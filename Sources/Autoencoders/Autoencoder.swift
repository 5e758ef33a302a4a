import Datasets
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// An autoencoder of images, of one of the kinds of ``ModelName``. All measures are nats per image, summed
/// over its pixels.
public struct Autoencoder: Experiment {
  /// The name in experiment files.
  public static let module = "vae"
  /// What it trains.
  public static let summary = "Autoencoders: images, and the latent space behind them"
  /// The divergence and what is made small are per image.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "loss": "nats per image", "reconstruction": "nats per image", "kl": "nats per image",
    "bound": "nats per image", "mutualInformation": "nats per image",
    "totalCorrelation": "nats per image", "dimensionKL": "nats per image",
    "upperKL": "nats per image", "discriminatorLoss": "loss", "adversarial": "loss",
  ]

  static let evaluationBatch = 500
  /// Images that are drawn at once where the prior is learnt.
  static let samplingBatch = 100

  /// The data that the run learns from.
  let data: Dataset
  let configuration: AutoencoderConfiguration
  let workspace: Workspace<Float>
  let programs: AutoencoderPrograms
  let seed: UInt64
  let stop: StopRequest
  let note: @Sendable (String) -> Void
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  private let terms: [String]
  private let discriminatorStep: LoadedProgram<Float>?
  let evaluation: LoadedProgram<Float>
  let evaluatedTerms: [EvaluatedTerm]
  let encoding: LoadedProgram<Float>
  let decoding: LoadedProgram<Float>
  let prior: LoadedProgram<Float>?
  private var batches: Batches
  private var pixels: [UInt8] = []
  private var labels: [Int32] = []

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: AutoencoderConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    seed = context.seed
    stop = context.stop
    note = context.note
    data = try configuration.data.load(batchSize: configuration.batchSize, in: context)
    let images = data.train
    if configuration.architecture != .mlp {
      try images.checkHalving(configuration.channels.count)
    }
    batches = Batches(
      count: images.count, batchSize: configuration.batchSize, seed: context.seed)

    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let samples = SampleShape(
      image: [images.channels, images.height, images.width], classes: images.classNames.count,
      count: images.count)
    let model = configuration.model.type.init(configuration, samples, random: &random)
    if model.usesClasses, images.classNames.count < 2 {
      throw RunError(
        .unsuitable, "\(data.name) has no classes to tell the model",
        hint: "choose another model, or images in folders of classes")
    }
    programs = AutoencoderPrograms(model: model, samples: samples, configuration: configuration)
    let step = try programs.trainingStep()
    let evaluation = try programs.evaluation(batch: Self.evaluationBatch)
    (layers, terms, evaluatedTerms) = (step.layers, step.terms, evaluation.terms)
    let optional = [
      ("discriminator step", try programs.discriminatorStep()),
      ("prior", try programs.prior(batch: Self.samplingBatch)),
    ]
    let loaded = try context.load(
      [
        ("training step", step.program), ("evaluation", evaluation.program),
        ("encoding", try programs.encoding(batch: Self.evaluationBatch)),
        ("decoding", try programs.decoding(batch: Self.evaluationBatch)),
      ] + optional.compactMap { name, program in program.map { (name, $0) } }, into: workspace)
    (training, self.evaluation, encoding, decoding) = (loaded[0], loaded[1], loaded[2], loaded[3])
    discriminatorStep = loaded.first { $0.name == optional[0].0 }
    prior = loaded.first { $0.name == optional[1].0 }
  }

  // MARK: Training

  /// Steps of one pass over the training images.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Images of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the weights by one batch, and the discriminator, where there is one, by the same images.
  public mutating func step(_ number: Int) throws -> Metrics {
    let indices = batches.indices(ofStep: number)
    data.train.gather(indices, into: &pixels)
    data.train.gatherLabels(indices, into: &labels)
    let random = RandomStream(seed: seed, name: "pixels", index: UInt64(number))
    configuration.binarization.apply(to: &pixels, random)
    for (name, value) in configuration.kl.inputs(atStep: number) {
      training.set(name, to: [value])
    }
    run(training, number)
    var metrics = Metrics()
    for name in ["loss"] + terms { metrics.append(name, Double(training.scalar(name))) }
    if let discriminatorStep {
      run(discriminatorStep, number)
      metrics.append("discriminatorLoss", Double(discriminatorStep.scalar("discriminatorLoss")))
    }
    return metrics
  }

  private func run(_ program: LoadedProgram<Float>, _ number: Int) {
    program.set("images", to: pixels)
    program.set("labels", to: labels)
    program.run(step: number)
  }

  // MARK: Results

  /// The layers, the programs and the data.
  public func describe() -> ExperimentDescription {
    let optional = [discriminatorStep, prior].compactMap { $0 }
    return ExperimentDescription(
      layers: layers,
      programs: ([training, evaluation, encoding, decoding] + optional).map { loaded in
        .init(name: loaded.name, loaded.program, threads: workspace.threads)
      },
      sources: ExperimentDescription.Source.list(of: data.files))
  }

  /// The weights, the optimisers' moments and counts of updates.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
