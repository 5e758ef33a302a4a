import Datasets
import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// A classifier of few images that begins from what another one has learnt of many: first its head is
/// trained over a frozen base, then the features below it by smaller steps.
public struct FineTuning: Experiment {
  /// The name in experiment files.
  public static let module = "fine-tuning"
  /// What it trains.
  public static let summary = "Classifier of few images over a base that was trained on others"
  /// The loss is per image.
  public static let metricUnits: KeyValuePairs<String, String> = ["loss": "nats per image"]
  /// Less loss, more of the images right.
  public static let goals: [String: MeasureGoal] = ["loss": .less, "accuracy": .more]
  /// Each stage for a step or two.
  public static let smokeOverrides = ["baseSteps=1", "headSteps=1"]

  private let configuration: FineTuningConfiguration
  private let test: ImageSet
  private let sources: [ExperimentDescription.Source]
  private let notes: [ExperimentDescription.Note]
  private let workspace: Workspace<Float>
  private let layers: [ExperimentDescription.Layer]
  /// The program of each stage, and what it leaves alone.
  private let stages:
    [FineTuningStage: (program: LoadedProgram<Float>, ExperimentDescription.Freezing)]
  private let sight: ClassifierSight
  /// The images that the base learns from, where it is trained here, and those of the other stages.
  private var loaders: (base: BatchLoader?, target: BatchLoader)
  private var batch = BatchLoader.Batch()

  /// Loads the data and the base, draws the other weights and compiles the programs.
  public init(_ configuration: FineTuningConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    let data = try configuration.data.load(batchSize: configuration.batchSize, in: context)
    let images = try FineTuningImages(data, configuration)
    test = data.test
    loaders = (
      images.base.map {
        BatchLoader(
          $0, batchSize: configuration.batchSize, seed: context.seed,
          augmentation: configuration.augmentation)
      },
      BatchLoader(
        images.target, batchSize: configuration.batchSize, seed: context.seed,
        augmentation: configuration.augmentation)
    )
    workspace = context.workspace()
    let input = try ClassifierInput(.fixed, of: data.train)
    var random = RandomStream(seed: context.seed, name: "weights")
    var base = ClassifierNetwork(
      configuration.network, image: input.image, classes: images.base?.classNames.count ?? 1,
      random: &random)
    let target = ClassifierNetwork(
      configuration.network, image: input.image, classes: data.train.classNames.count,
      random: &random)
    sources = ExperimentDescription.Source.list(of: data.files)
    var notes = images.notes
    if !configuration.base.isEmpty {
      // No source: the state holds what was taken over, so that the base's run may go on.
      let file = try base.loadBase(from: configuration.base)
      let hash = SHA256.hexadecimal(of: try Files.read(file))
      notes.append(.init("base", "\(Files.name(of: file)), SHA-256 \(hash)"))
    }
    self.notes = notes

    let networks = FineTuningNetworks(
      base: base, head: target.head, configuration: configuration, input: input)
    let trained = FineTuningStage.allCases.filter { $0 != .base || images.base != nil }
    let steps = try trained.map { try networks.step($0) }
    layers = steps.last?.layers ?? []
    let loaded = try context.load(
      zip(trained, steps).map { ($0.program, $1.program) } + [("seeing", try networks.seeing())],
      into: workspace)
    var stages: [FineTuningStage: (program: LoadedProgram<Float>, ExperimentDescription.Freezing)] =
      [:]
    for (stage, program) in zip(trained, loaded) {
      let unfrozen = try networks.step(stage, trainsAll: true).program
      stages[stage] = (
        program,
        .init(of: program.program, unfrozen: unfrozen, networks: FineTuningNetworks.parts)
      )
    }
    self.stages = stages
    sight = ClassifierSight(
      program: loaded[trained.count], width: configuration.features, stop: context.stop)
  }

  // MARK: Training

  /// Updates between two evaluations.
  public var stepsPerEpoch: Int { configuration.epochSteps }
  /// Images of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates by a batch what the stage of this step trains.
  public mutating func step(_ number: Int) throws -> Metrics {
    let baseSteps = loaders.base == nil ? 0 : configuration.baseSteps
    let stage = FineTuningStage(
      ofStep: number, baseSteps: baseSteps, headSteps: configuration.headSteps)
    if stage == .base {
      try loaders.base?.load(number, into: &batch)
    } else {
      try loaders.target.load(number - baseSteps, into: &batch)
    }
    guard let program = stages[stage]?.program else {
      preconditionFailure("no program of the stage \(stage)")
    }
    program.set("images", to: batch.pixels)
    program.set("labels", to: batch.labels)
    program.run(step: number)
    return [
      "loss": Double(program.scalar("loss")), "accuracy": Double(program.scalar("accuracy")),
    ]
  }

  /// The cross-entropy and the share of the test images of all classes that are told right.
  public mutating func evaluate() throws -> Metrics {
    let score = try sight.score(of: test)
    return ["loss": score.loss, "accuracy": score.accuracy]
  }

  // MARK: Results

  /// No pictures.
  public mutating func export(to exports: Exports) throws {}

  /// The layers, what each stage's program updates, and the data.
  public func describe() -> ExperimentDescription {
    let trained = FineTuningStage.allCases.compactMap { stages[$0] }
    let programs = trained.map { program, freezing in
      ExperimentDescription.Program(
        name: program.name, program.program, threads: workspace.threads, freezing: freezing)
    }
    return ExperimentDescription(
      layers: layers,
      programs: programs + [
        .init(name: sight.program.name, sight.program.program, threads: workspace.threads)
      ], sources: sources, notes: notes)
  }

  /// The weights and the optimisers' states.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
