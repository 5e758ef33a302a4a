import Datasets
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import TensorEngine

/// Trains a network that draws any picture in the styles of some pictures at one go (Johnson, Alahi
/// and Fei-Fei 2016; several styles: Dumoulin, Shlens and Kudlur 2017). The networks and losses are in
/// `FastStylePrograms`.
public struct FastStyle: Experiment {
  /// The name in experiment files.
  public static let module = "fast-style"
  /// What it trains.
  public static let summary = "Fast style transfer: a network that draws in the style of pictures"
  /// Losses are means over pictures, without their weights.
  public static let metricUnits: KeyValuePairs = [
    "loss": "weighted sum", "content": "of the squares of features",
    "style": "of the squares of Gram matrices",
    "variation": "squared difference of neighbours, of 1 between black and white",
  ]
  /// The weighted sum is what is learnt; its parts pull against each other.
  public static let goals: [String: MeasureGoal] = ["loss": .less]
  /// Small crops of few pictures.
  public static let smokeOverrides = [
    "imageLimit=8", "imageSize=40", "cropSize=32", "styleSize=32", "batchSize=2",
  ]

  let configuration: FastStyleConfiguration
  let context: RunContext
  let styles: [SourcePicture]
  let programs: FastStylePrograms
  let workspace: Workspace<Float>
  let evaluation: LoadedProgram<Float>
  let test: PictureCrops
  private let train: PictureCrops
  private let training: LoadedProgram<Float>
  private let sources: [ExperimentDescription.Source]
  private var batches: Batches
  private var pixels: [UInt8] = []

  /// Loads the pictures, measures the styles, draws the weights and compiles the programs.
  public init(_ configuration: FastStyleConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    self.context = context
    let data = try configuration.data.load(batchSize: 1, in: context)
    (train, test) = (
      try PictureCrops(data.train, size: configuration.cropSize, seed: context.seed, name: "crops"),
      try PictureCrops(data.test, size: configuration.cropSize, seed: context.seed, name: "crops")
    )
    let crops = data.train.count * configuration.cropsPerImage
    guard configuration.batchSize <= crops else {
      throw RunError(
        .unsuitable, "batchSize \(configuration.batchSize) exceeds the \(crops) crops of an epoch",
        hint: "choose a smaller batchSize or more cropsPerImage")
    }
    batches = Batches(count: crops, batchSize: configuration.batchSize, seed: context.seed)
    styles = try configuration.styles.map { try SourcePicture(named: $0) }
    let features = try configuration.features.load(in: context)
    sources =
      ExperimentDescription.Source.list(of: data.files)
      + styles.map(\.source) + features.sources
    workspace = context.workspace()
    programs = try FastStylePrograms(
      configuration, features: features.network, styles: styles, in: context)
    let loaded = try context.load(
      [
        ("training step", try programs.training()), ("evaluation", try programs.evaluation()),
      ], into: workspace)
    (training, evaluation) = (loaded[0], loaded[1])
  }

  // MARK: Training

  /// Steps of one pass over the crops.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Crops of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the network by one batch of crops, each in one style, all styles in their turn.
  public mutating func step(_ number: Int) -> Metrics {
    train.gather(batches.indices(ofStep: number), ofStep: number, into: &pixels)
    training.set("pictures", to: pixels)
    let first = number * configuration.batchSize
    training.set("styles", to: oneHot((0..<configuration.batchSize).map { first + $0 }))
    training.run(step: number)
    return Metrics(
      ["loss", "content", "style", "variation"].map { ($0, Double(training.scalar($0))) })
  }

  /// Rows of what each style counts for: of each of `numbers` one style, in their turn.
  private func oneHot(_ numbers: [Int]) -> [Float] {
    numbers.flatMap { number in
      styles.indices.map { $0 == number % styles.count ? 1 : 0 }
    }
  }

  /// The losses of the middles of the test pictures in every style.
  public mutating func evaluate() throws -> Metrics {
    let count = test.set.count * styles.count
    var sums = (content: 0.0, style: 0.0, variation: 0.0)
    for start in stride(from: 0, to: count, by: configuration.batchSize) {
      try context.stop.check()
      let numbers = (start..<start + configuration.batchSize).map { $0 % count }
      draw(numbers)
      let valid = min(configuration.batchSize, count - start)
      func sum(_ name: String) -> Double {
        evaluation[name].scalars.prefix(valid).reduce(0) { $0 + Double($1) }
      }
      sums.content += sum("content")
      sums.style += sum("style")
      sums.variation += sum("variation")
    }
    let (content, style, variation) = (
      sums.content / Double(count), sums.style / Double(count), sums.variation / Double(count)
    )
    return [
      "loss": configuration.contentWeight * content + configuration.styleWeight * style
        + configuration.variationWeight * variation,
      "content": content, "style": style, "variation": variation,
    ]
  }

  /// Draws a batch of test pictures: a number counts the styles of the first picture, then those of
  /// the second, and so on.
  func draw(_ numbers: [Int]) {
    var pixels: [UInt8] = []
    test.gatherMiddles(numbers.map { $0 / styles.count }, into: &pixels)
    evaluation.set("pictures", to: pixels)
    evaluation.set("styles", to: oneHot(numbers))
    evaluation.run(step: 0)
  }

  // MARK: Results

  /// The layers, the programs and the data.
  public func describe() throws -> ExperimentDescription {
    ExperimentDescription(
      layers: programs.layers(),
      programs: [training, evaluation].map { loaded in
        .init(name: loaded.name, loaded.program, threads: workspace.threads)
      }, sources: sources)
  }

  /// The network's weights and the optimiser's state; the weights of the network that judges are where
  /// they came from.
  public func state() -> [TensorRecord] {
    workspace.records(where: Self.isTrained)
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records, where: Self.isTrained)
  }

  /// Whether a state is the trained network's or the optimiser's, by its name.
  private static func isTrained(_ state: String) -> Bool {
    !state.hasPrefix(FastStylePrograms.frozenPrefix)
  }
}

extension Metrics {
  /// Measures in an order.
  init(_ measures: [(String, Double)]) {
    self.init()
    for (name, value) in measures { append(name, value) }
  }
}
