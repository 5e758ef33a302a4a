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
  let note: @Sendable (String) -> Void
  /// What the discriminator's step tells, in the order of the metrics.
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
    note = context.note
    batches = Batches(
      count: source.count, batchSize: configuration.batchSize * configuration.gatheredBatches,
      seed: context.seed)
    workspace = context.workspace()
    let conditioning = Conditioning(configuration, classes: source.classNames.count)
    var random = RandomStream(seed: context.seed, name: "weights")
    let generator = Generator(
      configuration.generator, latentSize: configuration.latentSize, sample: source.shape,
      conditioning: conditioning, random: &random)
    let reconstructs = configuration.objective(configuration).reconstructs
    let discriminator = Discriminator(
      configuration.discriminator, conditioning: conditioning, sample: source.shape,
      codeSize: reconstructs ? configuration.latentSize : nil, random: &random)
    programs = GANPrograms(
      generator: generator, discriminator: discriminator, configuration: configuration,
      source: source, conditioning: conditioning)
    let loaded = try context.load(
      [
        ("discriminator step", try programs.discriminatorStep()),
        ("generator step", try programs.generatorStep()),
        ("sampling", try programs.sampling(batch: Self.samplingBatch)),
      ], into: workspace)
    (discriminatorStep, generatorStep, sampling) = (loaded[0], loaded[1], loaded[2])
    let told = loaded[0].program.outputNames
    measures = [
      "discriminatorLoss", "realScore", "fakeScore", "realAccuracy", "fakeAccuracy", "penalty",
      "balance", "convergence",
    ].filter(told.contains)
  }

  // MARK: Training

  /// Steps of one pass over the real samples.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Real samples of one step.
  public var samplesPerStep: Int { configuration.batchSize * configuration.gatheredBatches }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the discriminator, and every so often the generator.
  public mutating func step(_ number: Int) throws -> Metrics {
    var metrics: Metrics = [:]
    for (name, mean) in zip(measures, run(discriminatorStep, number, measures)) {
      metrics.append(name, mean)
      if name == "discriminatorLoss", (number + 1) % configuration.discriminatorSteps == 0 {
        metrics.append("generatorLoss", run(generatorStep, number, ["generatorLoss"])[0])
      }
    }
    return metrics
  }

  /// Runs a program with the real samples of a step, part by part where gradients are gathered. Gives
  /// the means of its results; they are read before another program runs in the same memory.
  private mutating func run(
    _ program: LoadedProgram<Float>, _ number: Int, _ results: [String]
  ) -> [Double] {
    let parts = configuration.gatheredBatches
    let seesReal = program.program.inputNames.contains("real")
    var sums = [Double](repeating: 0, count: results.count)
    for part in 0..<parts {
      if seesReal {
        gather(number, part)
        feed(program)
      }
      program.run(step: number * parts + part)
      for (place, name) in results.enumerated() { sums[place] += Double(program.scalar(name)) }
    }
    return sums.map { $0 / Double(parts) }
  }

  /// Gathers the real samples of a part of a step.
  private mutating func gather(_ number: Int, _ part: Int) {
    let size = configuration.batchSize
    switch source {
    case .images(let data):
      let indices = Array(batches.indices(ofStep: number).dropFirst(part * size).prefix(size))
      data.train.gather(indices, into: &pixels)
      data.train.gatherLabels(indices, into: &labels)
    case .points(let mixture):
      points = mixture.draw(
        size, seed: seed, name: "points", index: number * configuration.gatheredBatches + part)
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
      sources: ExperimentDescription.Source.list(of: files))
  }

  /// The weights and running statistics of both networks, the average and both optimisers' states.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
