import Datasets
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// A generator and a discriminator trained against each other (Goodfellow et al., "Generative
/// adversarial nets", 2014). A step is: latent points become made samples; the discriminator learns
/// to tell them from real ones; then, every `discriminatorSteps`, new latent points become samples
/// again and the generator learns from what the discriminator, frozen, says of them.
///
/// Differs from the paper: real and made samples are normalised as batches of their own (Radford et
/// al. 2016).
public struct AdversarialNetwork: Experiment {
  /// The name in experiment files.
  public static let module = "gan"
  /// What it trains.
  public static let summary = "Adversarial networks: a generator and a discriminator"
  /// The two losses share a plot.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "discriminatorLoss": "loss", "generatorLoss": "loss",
  ]
  /// Neither loss tells how good the samples are.
  public static let goals: [String: MeasureGoal] = [
    "modesCovered": .more, "highQualityShare": .more,
  ]

  static let samplingBatch = 100

  let configuration: GANConfiguration
  let source: SampleSource
  let seed: UInt64
  let stop: StopRequest
  let programs: GANPrograms
  let workspace: Workspace<Float>
  private let discriminatorStep: LoadedProgram<Float>
  private let generatorStep: LoadedProgram<Float>
  let sampling: LoadedProgram<Float>
  /// What the discriminator's step tells besides its loss.
  private let measures: [String]
  private var batches: Batches
  private var pixels: [UInt8] = []
  private var labels: [Int32] = []
  private var points: [Float] = []

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: GANConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    seed = context.seed
    stop = context.stop
    source = try SampleSource(configuration, in: context)
    batches = Batches(
      count: source.count, batchSize: configuration.batchSize, seed: context.seed)
    workspace = context.workspace()
    let classes = configuration.condition == .none ? 0 : source.classNames.count
    var random = RandomStream(seed: context.seed, name: "weights")
    let generator = Generator(
      configuration.generator, latentSize: configuration.latentSize, sample: source.shape,
      classes: classes, random: &random)
    let discriminator = Discriminator(
      configuration.discriminator, condition: configuration.condition, sample: source.shape,
      classes: classes, random: &random)
    programs = GANPrograms(
      generator: generator, discriminator: discriminator, configuration: configuration,
      source: source)
    let loaded = try context.load(
      [
        ("discriminator step", try programs.discriminatorStep()),
        ("generator step", try programs.generatorStep()),
        ("sampling", try programs.sampling(batch: Self.samplingBatch)),
      ], into: workspace)
    (discriminatorStep, generatorStep, sampling) = (loaded[0], loaded[1], loaded[2])
    let told = loaded[0].program.outputNames
    measures = ["realScore", "fakeScore", "realAccuracy", "fakeAccuracy", "penalty"].filter(
      told.contains)
  }

  // MARK: Training

  /// Steps of one pass over the real samples.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Real samples of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the discriminator, and every so often the generator.
  public mutating func step(_ number: Int) throws -> Metrics {
    gather(number)
    feed(discriminatorStep)
    discriminatorStep.run(step: number)
    // Read before another program runs in the same memory.
    let loss = Double(discriminatorStep.scalar("discriminatorLoss"))
    let others = measures.map { ($0, Double(discriminatorStep.scalar($0))) }
    var metrics: Metrics = ["discriminatorLoss": loss]
    if (number + 1) % configuration.discriminatorSteps == 0 {
      feed(generatorStep)
      generatorStep.run(step: number)
      metrics.append("generatorLoss", Double(generatorStep.scalar("generatorLoss")))
    }
    for (name, value) in others { metrics.append(name, value) }
    return metrics
  }

  /// Gathers the real samples of a step.
  private mutating func gather(_ number: Int) {
    switch source {
    case .images(let data):
      let indices = batches.indices(ofStep: number)
      data.train.gather(indices, into: &pixels)
      data.train.gatherLabels(indices, into: &labels)
    case .points(let mixture):
      points = mixture.draw(
        configuration.batchSize, seed: seed, name: "points", index: number)
    }
  }

  /// Gives a program the real samples, just before it runs: another one may run in their memory.
  private func feed(_ program: LoadedProgram<Float>) {
    switch source {
    case .images:
      program.set("real", to: pixels)
      program.set("labels", to: labels)
    case .points: program.set("real", to: points)
    }
  }

  // MARK: Results

  /// The layers, the programs with what they freeze, and the data.
  public func describe() throws -> ExperimentDescription {
    let steps = [
      (discriminatorStep, try programs.discriminatorStep(.nothing)),
      (generatorStep, try programs.generatorStep(.nothing)),
    ]
    var described = steps.map { loaded, unfrozen in
      ExperimentDescription.Program(
        name: loaded.name, loaded.program, threads: workspace.threads,
        freezing: .init(
          of: loaded.program, unfrozen: unfrozen, networks: GANPrograms.networks))
    }
    described.append(.init(name: sampling.name, sampling.program, threads: workspace.threads))
    var files: [DatasetFile] = []
    if case .images(let data) = source { files = data.files }
    return ExperimentDescription(
      layers: programs.layers(), programs: described,
      sources: files.map { .init(name: Files.name(of: $0.path), sha256: $0.sha256) })
  }

  /// The weights and running statistics of both networks, the average and both optimisers' states.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
