import FeatureNetworks
import NeuralNetworks
import Randomness
import StyleTransfer
import TensorEngine

extension Benchmark {
  private static let batchSize = 4
  private static let imageCount = 32
  private static let styleLayers = ["relu1_2", "relu2_2", "relu3_3", "relu4_3"]
  /// Of `styleLayers`, the one whose features keep the content.
  private static let contentIndex = 1

  /// The transform network of Johnson et al. 2016 learns a style.
  static let fastStyleTrain256 = Benchmark(
    "fast_style_train_256", "Training a transform network through VGG-16, 4 images of 256x256",
    .iterationsPerSecond, unitsPerStep: 1, workPerUnit: 604_533_424_128,
    plan: MeasurementPlan().with(repetitionSeconds: 3)
  ) { settings in
    var weights = RandomStream(seed: settings.seed, name: "transform")
    let network = TransformNetwork(random: &weights)
    var random = RandomStream(seed: settings.seed, name: "VGG")
    let vgg = VGG.sixteen(through: "relu4_3", random: &random)
    let size = 3 * 256 * 256
    let numbers = ImageSource.randomNumbers(imageCount * size, settings)
    let batches = (0..<imageCount / batchSize).map {
      Array(numbers[$0 * batchSize * size..<($0 + 1) * batchSize * size])
    }
    let targets = try grams(
      vgg, TensorValue(shape: [1, 3, 256, 256], scalars: Array(numbers.prefix(size))), settings)
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let bound = graph.bind(network, as: "transform")
      let vgg = graph.bind(vgg, as: "vgg")
      let images = graph.input("images", shape: [batchSize, 3, 256, 256])
      let content = vgg.features(of: images, at: [styleLayers[contentIndex]])[0]
      let features = vgg.features(
        of: bound(images), at: styleLayers)
      var style = graph.constant(0)
      for (index, feature) in features.enumerated() {
        let target = graph.state("gram\(index)", initial: targets[index])
        style = style + (feature.gramMatrix - target).square().mean()
      }
      let loss = 1e5 * (features[contentIndex] - content).square().mean() + 1e10 * style
      graph.minimize(loss, over: bound.tensors(in: graph), with: Adam(learningRate: 1e-3))
      let program = settings.workspace().load(try graph.compile(["loss": loss]))
      var step = 0
      return {
        program.set("images", to: batches[step % batches.count])
        program.run(step: step)
        step += 1
        return program.scalar("loss")
      }
    }
  }

  /// The transform network draws one image anew.
  static let fastStyleInfer512 = Benchmark(
    "fast_style_infer_512", "The transform network on one 512x512 image", .iterationsPerSecond,
    unitsPerStep: 1, workPerUnit: 80_631_300_096
  ) { settings in
    var weights = RandomStream(seed: settings.seed, name: "transform")
    let network = TransformNetwork(random: &weights)
    let shape: Shape = [1, 3, 512, 512]
    let image = ImageSource.randomNumbers(shape.count, settings)
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let drawn = graph.bind(network, as: "transform")(graph.input("image", shape: shape))
      let program = settings.workspace().load(try graph.compile(["image": drawn]))
      return {
        program.set("image", to: image)
        program.run(step: 0)
        return nil
      }
    }
  }

  /// The Gram matrices of a picture at `styleLayers`.
  private static func grams(
    _ vgg: VGG, _ picture: TensorValue<Float>, _ settings: BenchmarkSettings
  ) throws -> [TensorValue<Float>] {
    let graph = Graph()
    let features = graph.bind(vgg, as: "vgg")
      .features(of: graph.input("image", shape: picture.shape), at: styleLayers)
    let outputs = features.enumerated().map { ("gram\($0)", $1.gramMatrix) }
    let program = settings.workspace().load(
      try graph.compile(Dictionary(uniqueKeysWithValues: outputs)))
    program.set("image", to: picture.scalars)
    program.run(step: 0)
    return outputs.map { program[$0.0] }
  }
}
