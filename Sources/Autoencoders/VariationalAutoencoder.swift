import Datasets
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// A variational autoencoder (Kingma and Welling, "Auto-encoding variational Bayes", 2014) with a
/// Gaussian posterior of diagonal covariance and pixels as the means of Bernoulli variables.
///
/// The loss is the negative evidence lower bound in nats per image: the cross-entropy summed over
/// the pixels, plus the divergence of the posterior from the prior, averaged over the batch.
///
/// Differs from the paper: Adam instead of Adagrad; grey pixels are taken as means, not drawn as
/// black or white.
public struct VariationalAutoencoder: Experiment {
  /// The name in experiment files.
  public static let module = "vae"
  /// What it trains.
  public static let summary = "Variational autoencoder: images, and the latent space behind them"
  /// All measures are per image.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "loss": "nats per image", "reconstruction": "nats per image", "kl": "nats per image",
  ]

  private static let evaluationBatch = 500

  /// The data that the run learns from.
  let data: Dataset
  let configuration: VAEConfiguration
  let workspace: Workspace<Float>
  private let seed: UInt64
  private let stop: StopRequest
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  private let evaluation: LoadedProgram<Float>
  private let encoding: LoadedProgram<Float>
  private let decoding: LoadedProgram<Float>
  private var batches: Batches
  private var pixels: [UInt8] = []

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: VAEConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    seed = context.seed
    stop = context.stop
    data = try configuration.data.load(batchSize: configuration.batchSize, in: context)
    let images = data.train
    if configuration.architecture == .conv {
      try images.checkHalving(configuration.channels.count)
    }
    batches = Batches(
      count: images.count, batchSize: configuration.batchSize, seed: context.seed)

    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let image: Shape = [images.channels, images.height, images.width]
    let network = VAENetwork(configuration, image: image, random: &random)
    let programs = VAEPrograms(network: network, image: image)
    let step = try programs.trainingStep(configuration)
    layers = step.layers
    let (batch, latentSize) = (Self.evaluationBatch, configuration.latentSize)
    let loaded = try context.load(
      [
        ("training step", step.program),
        ("evaluation", try programs.evaluation(batch: batch)),
        ("encoding", try programs.encoding(batch: batch)),
        ("decoding", try programs.decoding(batch: batch, latentSize: latentSize)),
      ], into: workspace)
    (training, evaluation, encoding, decoding) = (loaded[0], loaded[1], loaded[2], loaded[3])
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
    data.train.gather(batches.indices(ofStep: number), into: &pixels)
    training.set("images", to: pixels)
    training.run(step: number)
    return Self.metrics(training)
  }

  /// The negative evidence lower bound of the test set, with one latent sample per image.
  public mutating func evaluate() throws -> Metrics {
    var (reconstruction, kl) = (0.0, 0.0)
    try forEachTestBatch { range, padded in
      evaluation.set("images", to: padded)
      evaluation.run(step: range.lowerBound / Self.evaluationBatch)
      reconstruction += evaluation["reconstruction"].scalars.prefix(range.count).sum
      kl += evaluation["kl"].scalars.prefix(range.count).sum
    }
    let count = Double(data.test.count)
    return [
      "loss": (reconstruction + kl) / count, "reconstruction": reconstruction / count,
      "kl": kl / count,
    ]
  }

  private static func metrics(_ program: LoadedProgram<Float>) -> Metrics {
    var metrics = Metrics()
    for name in ["loss", "reconstruction", "kl"] {
      metrics.append(name, Double(program[name].scalars[0]))
    }
    return metrics
  }

  /// Calls `body` for consecutive ranges of the test set with their pixels, the last batch filled
  /// up with its first image.
  private func forEachTestBatch(
    _ body: (Range<Int>, [UInt8]) -> Void
  ) throws(Interruption) {
    for start in stride(from: 0, to: data.test.count, by: Self.evaluationBatch) {
      try stop.check()
      let range = start..<min(start + Self.evaluationBatch, data.test.count)
      body(range, padded(range))
    }
  }

  private func padded(_ range: Range<Int>) -> [UInt8] {
    var pixels: [UInt8] = []
    let indices = (0..<Self.evaluationBatch).map { offset in
      Int32(offset < range.count ? range.lowerBound + offset : range.lowerBound)
    }
    data.test.gather(indices, into: &pixels)
    return pixels
  }

  // MARK: Results

  /// Writes pictures of the latent space, of samples and of reconstructions.
  public mutating func export(to exports: Exports) throws {
    try exports.write(try sampleSheet(count: 100, columns: 10, seed: seed), named: "samples")
    try exports.write(try reconstructionSheet(count: 16), named: "reconstructions")
    if configuration.latentSize <= 2 {
      try exports.write(try latentGrid(side: 20), named: "latent-grid")
    }
    let map = try latentMap()
    try exports.write(map.image(), named: "latent-map")
    try exports.write(svg: map.svg(), named: "latent-map")
  }

  /// The layers, the programs and the data.
  public func describe() -> ExperimentDescription {
    return ExperimentDescription(
      layers: layers,
      programs: [training, evaluation, encoding, decoding].map { loaded in
        .init(name: loaded.name, loaded.program, threads: workspace.threads)
      },
      sources: data.files.map { .init(name: Files.name(of: $0.path), sha256: $0.sha256) })
  }

  /// The weights, Adam's moments and its count of updates.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over weights and Adam's state.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}

extension VariationalAutoencoder: LatentModel {
  /// Numbers of one latent point.
  public var latentSize: Int { configuration.latentSize }
  /// Images of the test set.
  public var testCount: Int { data.test.count }
  /// What the classes are called.
  public var classNames: [String] { data.test.classNames }
  /// One image of the test set.
  public func testImage(_ index: Int) -> Image { data.test.image(at: index) }
  /// The class of one image of the test set.
  public func testLabel(_ index: Int) -> Int { Int(data.test.labels[index]) }

  /// The means of the pixels of latent points.
  public func decode(_ latents: [[Float]]) throws(Interruption) -> [Image] {
    let images = data.test
    var decoded: [Image] = []
    for start in stride(from: 0, to: latents.count, by: Self.evaluationBatch) {
      try stop.check()
      let part = latents[start..<min(start + Self.evaluationBatch, latents.count)]
      let missing = Self.evaluationBatch - part.count
      decoding.set(
        "latents",
        to: part.flatMap { $0 } + [Float](repeating: 0, count: missing * latentSize))
      decoding.run(step: 0)
      decoded += Image.images(
        planar: decoding["images"].scalars.prefix(part.count * images.imageSize),
        channels: images.channels, height: images.height, width: images.width)
    }
    return decoded
  }

  /// The posterior means of images of the test set.
  public func encode(_ testImages: Range<Int>) throws(Interruption) -> [[Float]] {
    var latents: [[Float]] = []
    for start in stride(
      from: testImages.lowerBound, to: testImages.upperBound, by: Self.evaluationBatch)
    {
      try stop.check()
      let range = start..<min(start + Self.evaluationBatch, testImages.upperBound)
      encoding.set("images", to: padded(range))
      encoding.run(step: 0)
      let means = encoding["mean"].scalars
      latents += range.indices.map {
        Array(means[($0 - start) * latentSize..<($0 - start + 1) * latentSize])
      }
    }
    return latents
  }
}

extension Sequence<Float> {
  /// The sum, in double precision.
  fileprivate var sum: Double { reduce(0) { $0 + Double($1) } }
}
