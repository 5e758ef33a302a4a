import Datasets
import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import TensorEngine

/// Trains a decoder that draws any picture in the style of any other at one go (Huang and Belongie
/// 2017). The networks and losses are in `AdaptiveStylePrograms`.
public struct AdaptiveStyle: Experiment {
  /// The name in experiment files.
  public static let module = "adain"
  /// What it trains.
  public static let summary = "Adaptive instance normalization: the style of any picture at one go"
  /// Losses are means over pictures, without their weights.
  public static let metricUnits: KeyValuePairs = [
    "loss": "weighted sum", "content": "of the squares of features",
    "style": "of the squares of means and deviations",
  ]
  /// The weighted sum is what is learnt; its parts pull against each other.
  public static let goals: [String: MeasureGoal] = ["loss": .less]
  /// Small crops of few pictures.
  public static let smokeOverrides = [
    "imageLimit=8", "imageSize=40", "cropSize=32", "batchSize=2",
  ]

  let configuration: AdaptiveStyleConfiguration
  let context: RunContext
  let programs: AdaptiveStylePrograms
  let workspace: Workspace<Float>
  let evaluation: LoadedProgram<Float>
  let test: (contents: PictureCrops, styles: PictureCrops)
  private let train: (contents: PictureCrops, styles: PictureCrops)
  private let training: LoadedProgram<Float>
  private let sources: [ExperimentDescription.Source]
  private var batches: (contents: Batches, styles: Batches)
  private var pixels: [UInt8] = []

  /// Loads the pictures, draws the weights and compiles the programs.
  public init(_ configuration: AdaptiveStyleConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    self.context = context
    var styleData = configuration.data
    styleData.dataset = configuration.styleDataset
    styleData.fallbackDataset = ""
    let data = (
      contents: try configuration.data.load(batchSize: 1, in: context),
      styles: try styleData.load(batchSize: 1, in: context)
    )
    let (batchSize, seed) = (configuration.batchSize, context.seed)
    func crops(_ set: ImageSet, _ name: String) throws(RunError) -> PictureCrops {
      try PictureCrops(set, size: configuration.cropSize, seed: seed, name: name)
    }
    train = (
      try crops(data.contents.train, "content crops"), try crops(data.styles.train, "style crops")
    )
    test = (
      try crops(data.contents.test, "content crops"), try crops(data.styles.test, "style crops")
    )
    func batches(_ count: Int, seed: UInt64) throws(RunError) -> Batches {
      let crops = count * configuration.cropsPerImage
      guard batchSize <= crops else {
        throw RunError(
          .unsuitable, "batchSize \(batchSize) exceeds the \(crops) crops of an epoch",
          hint: "choose a smaller batchSize or more cropsPerImage")
      }
      return Batches(count: crops, batchSize: batchSize, seed: seed)
    }
    // Orders of their own, so that other pairs meet in each epoch.
    self.batches = (
      try batches(data.contents.train.count, seed: seed),
      try batches(data.styles.train.count, seed: seed &+ 1)
    )
    let features = try configuration.features.load(in: context)
    sources =
      ExperimentDescription.Source.list(of: data.contents.files + data.styles.files)
      + features.sources
    programs = AdaptiveStylePrograms(configuration, encoder: features.network, seed: seed)
    try programs.check(configuration)
    workspace = context.workspace()
    let loaded = try context.load(
      [
        ("training step", try programs.training()), ("evaluation", try programs.evaluation()),
      ], into: workspace)
    (training, evaluation) = (loaded[0], loaded[1])
  }

  // MARK: Training

  /// Steps of one pass over the crops of the pictures whose content is kept.
  public var stepsPerEpoch: Int { batches.contents.perEpoch }
  /// Pairs of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the decoder by one batch of pairs.
  public mutating func step(_ number: Int) -> Metrics {
    train.contents.gather(
      batches.contents.indices(ofStep: number), ofStep: number, into: &pixels)
    training.set("pictures", to: pixels)
    train.styles.gather(batches.styles.indices(ofStep: number), ofStep: number, into: &pixels)
    training.set("styles", to: pixels)
    training.run(step: number)
    return Metrics(["loss", "content", "style"].map { ($0, Double(training.scalar($0))) })
  }

  /// The losses of the middles of the test pictures, each with a style's of its own.
  public mutating func evaluate() throws -> Metrics {
    let count = test.contents.set.count
    var sums = (content: 0.0, style: 0.0)
    for start in stride(from: 0, to: count, by: configuration.batchSize) {
      try context.stop.check()
      let numbers = Array(start..<start + configuration.batchSize)
      draw(contents: numbers, styles: numbers)
      let valid = min(configuration.batchSize, count - start)
      func sum(_ name: String) -> Double {
        evaluation[name].scalars.prefix(valid).reduce(0) { $0 + Double($1) }
      }
      sums.content += sum("content")
      sums.style += sum("style")
    }
    let (content, style) = (sums.content / Double(count), sums.style / Double(count))
    return [
      "loss": configuration.contentWeight * content + configuration.styleWeight * style,
      "content": content, "style": style,
    ]
  }

  /// Draws a batch of test pictures in the styles of others; numbers beyond them begin again.
  func draw(contents: [Int], styles: [Int]) {
    var pixels: [UInt8] = []
    test.contents.gatherMiddles(contents, into: &pixels)
    evaluation.set("pictures", to: pixels)
    test.styles.gatherMiddles(styles, into: &pixels)
    evaluation.set("styles", to: pixels)
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

  /// The decoder's weights and the optimiser's state; the encoder's are where they came from.
  public func state() -> [TensorRecord] {
    workspace.records(where: Self.isTrained)
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records, where: Self.isTrained)
  }

  /// Whether a state is the trained network's or the optimiser's, by its name.
  private static func isTrained(_ state: String) -> Bool {
    !state.hasPrefix(AdaptiveStylePrograms.frozenPrefix)
  }
}

extension AdaptiveStylePrograms {
  /// Fails unless the crops can be encoded and decoded.
  ///
  /// - Throws: `.unsuitable`.
  fileprivate func check(_ configuration: AdaptiveStyleConfiguration) throws(RunError) {
    let stride = layer.stride
    guard configuration.cropSize % stride == 0, configuration.cropSize >= 2 * stride else {
      throw RunError(
        .unsuitable,
        "crops of \(configuration.cropSize) pixels, of which \(layer.name) sees one in \(stride)",
        hint: "choose a cropSize that is a multiple of \(stride), twice that or more")
    }
  }
}
