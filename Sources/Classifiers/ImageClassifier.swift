import Datasets
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import RealModule
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
  public static let goals: [String: MeasureGoal] = ["loss": .less, "accuracy": .more]

  private static let evaluationBatch = 250
  /// What the states of the weights' moving average begin with: the network in use.
  private static let averageName = "average"

  private let data: Dataset
  private let configuration: ClassifierConfiguration
  private let network: ClassifierNetwork
  /// Where the programs run.
  public let workspace: Workspace<Float>
  private let stop: StopRequest
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  private let seeing: LoadedProgram<Float>
  private var batches: Batches
  private var pixels: [UInt8] = []
  private var labels: [Int32] = []

  /// Loads the data, draws the weights and compiles the programs.
  public init(_ configuration: ClassifierConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    stop = context.stop
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
    self.network = network
    let step = try Self.trainingStep(configuration, network, image)
    layers = step.layers
    let seeing = try Self.seeing(network, image)
    let loaded = try context.load(
      [("training step", step.program), ("seeing", seeing)], into: workspace)
    (training, self.seeing) = (loaded[0], loaded[1])
  }

  // MARK: Programs

  /// One update by bytes "images" with their "labels"; gives "loss" and "accuracy".
  private static func trainingStep(
    _ configuration: ClassifierConfiguration, _ network: ClassifierNetwork, _ image: Shape
  ) throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let batch = configuration.batchSize
    let bound = graph.bind(network, as: "classifier")
    var images = scaledImages(graph, batch, image)
    if configuration.mirrors {
      let mirrored = graph.randomBernoulli([batch, 1, 1, 1], probability: 0.5, stream: "mirrored")
      images = mirrored * images.flipped(axes: [3]) + (1 - mirrored) * images
    }
    let logits = bound(images, mode: .training).logits
    let labels = graph.input("labels", shape: [batch], type: .index)
    let classes = labels.oneHot(classes: logits.shape[1])
    let loss = -(classes * logits.logSoftmax(axis: 1)).sum(axes: [1]).mean()
    graph.minimize(loss, over: bound.tensors(in: graph), with: configuration.optimizer.rule)
    graph.average(
      bound, into: graph.bind(network, as: averageName), decay: configuration.averageDecay)
    let right = (classes * logits).sum(axes: [1]).isEqual(to: logits.max(axes: [1]))
    let program = try graph.compile(["loss": loss, "accuracy": right.mean()])
    return (program, ExperimentDescription.layers(of: graph, network))
  }

  /// The "features" and the "probabilities" of the classes of bytes "images".
  private static func seeing(_ network: ClassifierNetwork, _ image: Shape) throws -> Program<Float>
  {
    let graph = Graph()
    let images = scaledImages(graph, evaluationBatch, image)
    let seen = graph.bind(network, as: averageName)(images, mode: .inference)
    return try graph.compile([
      "features": seen.features, "probabilities": seen.logits.softmax(),
    ])
  }

  private static func scaledImages(_ graph: Graph, _ batch: Int, _ image: Shape) -> Tensor {
    let shape = Shape([batch] + image.dimensions)
    return graph.input("images", shape: shape, type: .byte).real() / 127.5 - 1
  }

  // MARK: Training

  /// Steps of one pass over the training images.
  public var stepsPerEpoch: Int { batches.perEpoch }
  /// Images of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where numbers that are not finite are looked for.
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

  /// The cross-entropy and the share of the test images that are told right.
  public mutating func evaluate() throws -> Metrics {
    let test = data.test
    let probabilities = try features(of: test, limit: test.count).probabilities
    let classes = test.classNames.count
    var (loss, right) = (0.0, 0)
    for index in 0..<test.count {
      let row = probabilities[index * classes..<(index + 1) * classes]
      let label = row.startIndex + Int(test.labels[index])
      // A probability too small for a float counts as the least normal one.
      loss -= Double.log(Double(max(row[label], .leastNormalMagnitude)))
      if row[label] == row.max() { right += 1 }
    }
    let count = Double(test.count)
    return ["loss": loss / count, "accuracy": Double(right) / count]
  }

  // MARK: Results

  /// Writes how often images of each class were taken for each other.
  public mutating func export(to exports: Exports) throws {
    let test = data.test
    let names = test.classNames
    let probabilities = try features(of: test, limit: test.count).probabilities
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for index in 0..<test.count {
      let row = probabilities[index * names.count..<(index + 1) * names.count]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      counts[Int(test.labels[index])][best - row.startIndex] += 1
    }
    try exports.write(
      columns: ["class"] + names, rows: zip(names, counts).map { [$0] + $1.map { String($0) } },
      named: "confusion")
  }

  /// The layers, the programs and the data.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: [training, seeing].map {
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

extension ImageClassifier: FeatureModel {
  /// What the averaged network makes of images.
  public mutating func features(of images: [Image]) throws -> ImageFeatures {
    let own = data.test
    guard
      images.allSatisfy({
        $0.width == own.width && $0.height == own.height && $0.channels == own.channels
      })
    else {
      throw RunError(
        .unsuitable,
        "the classifier sees images of \(own.channels)x\(own.height)x\(own.width) only",
        hint: "train one on images of that size")
    }
    return try features(
      of: ImageSet(
        channels: own.channels, height: own.height, width: own.width,
        pixels: images.flatMap(\.planarPixels), labels: images.map { _ in 0 },
        classNames: own.classNames), limit: images.count)
  }

  /// What it makes of the data set's images.
  public mutating func features(ofTraining isTraining: Bool, limit: Int) throws -> ImageFeatures {
    try features(of: isTraining ? data.train : data.test, limit: limit)
  }

  private func features(of images: ImageSet, limit: Int) throws(Interruption) -> ImageFeatures {
    let batch = Self.evaluationBatch
    let count = min(images.count, limit)
    let (width, classes) = (configuration.features, images.classNames.count)
    var (values, probabilities): ([Float], [Float]) = ([], [])
    values.reserveCapacity(count * width)
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: count, by: batch) {
      try stop.check()
      let here = min(batch, count - start)
      images.gather((0..<batch).map { Int32($0 < here ? start + $0 : start) }, into: &bytes)
      seeing.set("images", to: bytes)
      seeing.run(step: 0)
      values += seeing["features"].scalars.prefix(here * width)
      probabilities += seeing["probabilities"].scalars.prefix(here * classes)
    }
    return ImageFeatures(
      count: count, values: values, width: width, probabilities: probabilities, classes: classes)
  }
}

extension ImageClassifier: ClassifyingModel {
  /// Images of the test set.
  public var testCount: Int { data.test.count }
  /// One image of the test set.
  public func testImage(_ index: Int) -> Image { data.test.image(at: index) }
  /// The class of one image of the test set.
  public func testLabel(_ index: Int) -> Int { Int(data.test.labels[index]) }
  /// What the classes are called.
  public var classNames: [String] { data.test.classNames }

  /// Traces the averaged network on images of 0 ... 1.
  public func logits(of images: Tensor) -> Tensor {
    let network = images.graph.bind(network, as: Self.averageName)
    return network(images * 2 - 1, mode: .inference).logits
  }
}
