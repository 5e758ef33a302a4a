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
    let network = TransformNetwork(seed: settings.seed)
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
        of: bound.layers(images, mode: .training), at: styleLayers)
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
    let network = TransformNetwork(seed: settings.seed)
    let shape: Shape = [1, 3, 512, 512]
    let image = ImageSource.randomNumbers(shape.count, settings)
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let layers = graph.bind(network, as: "transform").layers
      let drawn = layers(graph.input("image", shape: shape), mode: .inference)
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

/// Convolutions down to a quarter of the size, five residual blocks, and up again; instance norm
/// and mirrored borders throughout.
private struct TransformNetwork: Module {
  var layers: [AnyLayer]

  static let fields: [Field<TransformNetwork>] = [.module("layers", \.layers)]

  init(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "transform")
    func convolution(_ inputs: Int, _ outputs: Int, _ kernel: Int, stride: Int = 1) -> [AnyLayer] {
      [
        AnyLayer(ReflectionPad2D(kernel / 2)),
        AnyLayer(
          Conv2D(
            inputs, outputs, kernelSize: kernel, .init(stride: stride), initializer: .heUniform,
            random: &random)),
      ]
    }
    func normalized(_ channels: Int) -> [AnyLayer] {
      [AnyLayer(InstanceNorm(channels)), AnyLayer(Activation.relu)]
    }
    layers = convolution(3, 32, 9) + normalized(32)
    for (inputs, outputs) in [(32, 64), (64, 128)] {
      layers += convolution(inputs, outputs, 3, stride: 2) + normalized(outputs)
    }
    for _ in 0..<5 {
      let body =
        convolution(128, 128, 3) + normalized(128) + convolution(128, 128, 3)
        + [AnyLayer(InstanceNorm(128))]
      layers.append(AnyLayer(Residual(body: body)))
    }
    for (inputs, outputs) in [(128, 64), (64, 32)] {
      layers += [AnyLayer(Upsample(2))] + convolution(inputs, outputs, 3) + normalized(outputs)
    }
    layers += convolution(32, 3, 9)
  }
}

/// x + body(x)
private struct Residual: Layer {
  var body: [AnyLayer]

  static let fields: [Field<Residual>] = [.module("body", \.body)]

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x + body(x, mode: mode) }
}
