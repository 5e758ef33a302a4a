import Datasets
import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// Networks that turn images of one side, A, into images of another, B: pix2pix learns it from
/// pairs, CycleGAN from two sides without pairs, and then both ways. A step is: the generators make
/// images and learn from what the discriminators, frozen, say of them; then the discriminators
/// learn to tell these images, or older ones of a pool, from real ones.
public struct ImageTranslator: Experiment {
  /// The name in experiment files.
  public static let module = "translation"
  /// What it trains.
  public static let summary = "Image to image: pix2pix from pairs, CycleGAN without"
  /// The losses share a plot; errors are per pixel, of 1 between black and white.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "discriminatorLoss": "loss", "generatorLoss": "weighted loss", "adversarialLoss": "loss",
    "errorA": errorUnit, "errorB": errorUnit, "cycleErrorA": errorUnit, "cycleErrorB": errorUnit,
    "meanImageErrorA": errorUnit, "meanImageErrorB": errorUnit,
  ]
  /// Adversarial losses tell nothing of the images; distances do.
  public static let goals: [String: MeasureGoal] = [
    "errorA": .less, "errorB": .less, "cycleErrorA": .less, "cycleErrorB": .less,
  ]
  private static let errorUnit = "of black to white"

  /// Images that are translated at once outside training.
  static let translationBatch = 32

  let configuration: TranslationConfiguration
  let sides: ImageSides
  let seed: UInt64
  let stop: StopRequest
  let programs: any TranslationPrograms
  let translation: LoadedProgram<Float>
  private let workspace: Workspace<Float>
  private let generatorStep: LoadedProgram<Float>
  private let discriminatorStep: LoadedProgram<Float>
  /// What the generators' step tells besides its loss.
  private let measures: [String]
  private var batches: (a: Batches, b: Batches)
  /// A pool for each side that images are made of.
  private var pools: [ImagePool]
  private var pixels: (a: [UInt8], b: [UInt8]) = ([], [])

  /// Loads the images, draws the weights and compiles the programs.
  public init(_ configuration: TranslationConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    seed = context.seed
    stop = context.stop
    sides = try ImageSides(configuration, in: context)
    try sides.check(configuration)
    // Pairs stay together; sides without pairs have orders of their own.
    let orders = configuration.method == .pix2pix ? [seed, seed] : [seed, seed &+ 1]
    let batchSize = configuration.batchSize
    batches = (
      Batches(count: sides.train.a.count, batchSize: batchSize, seed: orders[0]),
      Batches(count: sides.train.b.count, batchSize: batchSize, seed: orders[1])
    )
    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    programs =
      switch configuration.method {
      case .pix2pix: PairedPrograms(configuration, image: sides.image, random: &random)
      case .cycle: CyclePrograms(configuration, image: sides.image, random: &random)
      }
    let loaded = try context.load(
      [
        ("generator step", try programs.generatorStep(.other)),
        ("discriminator step", try programs.discriminatorStep()),
        ("translation", try programs.translation(batch: Self.translationBatch)),
      ], into: workspace)
    (generatorStep, discriminatorStep, translation) = (loaded[0], loaded[1], loaded[2])
    let told = loaded[0].program.outputNames
    measures = ["adversarialLoss", "targetLoss", "cycleLoss", "identityLoss"].filter(told.contains)
    let (capacity, imageSize) = (
      configuration.method == .cycle ? configuration.pool : 0, sides.image.count
    )
    let seed = seed
    pools = programs.madeSides.map { side in
      ImagePool(capacity: capacity, imageSize: imageSize, name: "pool.\(side)", seed: seed)
    }
  }

  // MARK: Training

  /// Steps of one pass over the side with more images.
  public var stepsPerEpoch: Int { max(batches.a.perEpoch, batches.b.perEpoch) }
  /// Images of each side in one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the generators, then the discriminators.
  public mutating func step(_ number: Int) throws -> Metrics {
    sides.train.a.gather(batches.a.indices(ofStep: number), into: &pixels.a)
    sides.train.b.gather(batches.b.indices(ofStep: number), into: &pixels.b)
    feed(generatorStep)
    generatorStep.run(step: number)
    // Read before another program runs in the same memory.
    let loss = Double(generatorStep.scalar("generatorLoss"))
    let parts = measures.map { ($0, Double(generatorStep.scalar($0))) }
    let made = programs.madeSides.map { generatorStep["made\($0)"].scalars }

    feed(discriminatorStep)
    for (place, side) in programs.madeSides.enumerated() {
      discriminatorStep.set("fake\(side)", to: pools[place].exchange(made[place], step: number))
    }
    discriminatorStep.run(step: number)
    var metrics: Metrics = [
      "generatorLoss": loss,
      "discriminatorLoss": Double(discriminatorStep.scalar("discriminatorLoss")),
    ]
    for (name, value) in parts { metrics.append(name, value) }
    return metrics
  }

  /// Gives a program the real images, just before it runs: another one may run in their memory.
  private func feed(_ program: LoadedProgram<Float>) {
    program.set("A", to: pixels.a)
    program.set("B", to: pixels.b)
  }

  // MARK: Results

  /// The layers, the programs with what they freeze, and the data.
  public func describe() throws -> ExperimentDescription {
    let steps = [
      (generatorStep, try programs.generatorStep(.nothing)),
      (discriminatorStep, discriminatorStep.program),
    ]
    var described = steps.map { loaded, unfrozen in
      ExperimentDescription.Program(
        name: loaded.name, loaded.program, threads: workspace.threads,
        freezing: .init(
          of: loaded.program, unfrozen: unfrozen, networks: programs.networkNames))
    }
    described.append(
      .init(name: translation.name, translation.program, threads: workspace.threads))
    return ExperimentDescription(
      layers: programs.layers(), programs: described,
      sources: ExperimentDescription.Source.list(of: sides.files))
  }

  /// The weights of all networks, both optimisers' states, and the pools.
  public func state() -> [TensorRecord] {
    workspace.records() + pools.filter { $0.capacity > 0 }.map(\.record)
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    let table = RecordTable(records)
    var restored = pools
    for place in restored.indices where restored[place].capacity > 0 {
      try restored[place].restore(table)
    }
    try workspace.restore(records)
    pools = restored
  }
}

extension ImageSides {
  /// Fails unless the networks of a configuration can take images of this size.
  ///
  /// - Throws: `.unsuitable`.
  fileprivate func check(_ configuration: TranslationConfiguration) throws(RunError) {
    let (height, width) = (train.b.height, train.b.width)
    let extent = min(height, width)
    let generator = configuration.generator
    switch generator.architecture {
    case .unet: try train.b.checkHalving(generator.channels.count)
    case .residual:
      let halvings = generator.channels.count - 1
      try train.b.checkHalving(halvings)
      guard extent > ResidualTranslator.border, generator.blocks == 0 || extent >> halvings > 1
      else {
        throw RunError(
          .unsuitable, "images of \(height)x\(width) are too small for the residual generator",
          hint: "give fewer generator.channels or greater images")
      }
    }
    let halvings = configuration.discriminator.channels.count - 1
    guard extent >> halvings >= PatchDiscriminator.leastExtent else {
      throw RunError(
        .unsuitable, "images of \(height)x\(width) have no patches for the discriminator",
        hint: "give fewer discriminator.channels or greater images")
    }
    let pools = configuration.method == .cycle ? 2 * configuration.pool : 0
    guard pools * image.count * MemoryLayout<Float>.stride <= ImagePool.greatestSize else {
      throw RunError(
        .unsuitable,
        "pools of \(configuration.pool) images of \(height)x\(width) take more than 4 GiB",
        hint: "choose a smaller pool")
    }
  }
}
