import NeuralNetworks
import Randomness
import TensorEngine

extension Benchmark {
  private static let batchSize = 128
  private static let latentSize = 20

  /// A variational autoencoder of dense layers, 784-512-512-20-512-512-784.
  static let vaeMLP = Benchmark(
    "vae_mlp", "VAE 784-512-512-20 of Fashion-MNIST, batches of 128", .imagesPerSecond,
    unitsPerStep: batchSize, workPerUnit: 7_344_128
  ) { settings in
    let images = ImageSource.readFashion(settings)
    var random = RandomStream(seed: settings.seed, name: "weights")
    func hidden(_ inputs: Int) -> [AnyLayer] {
      [
        AnyLayer(Dense(inputs, 512, activation: .relu, random: &random)),
        AnyLayer(Dense(512, 512, activation: .relu, random: &random)),
      ]
    }
    let encoder = [AnyLayer(Flatten())] + hidden(784)
    let decoder = hidden(latentSize) + [AnyLayer(Dense(512, 784, random: &random))]
    return try autoencoder(encoder, features: 512, decoder, &random, images, settings)
  }

  /// A variational autoencoder of two convolutions and their mirror images.
  static let vaeConv = Benchmark(
    "vae_conv", "VAE of 32 and 64 channels of Fashion-MNIST, batches of 128", .imagesPerSecond,
    unitsPerStep: batchSize, workPerUnit: 29_997_056
  ) { settings in
    let images = ImageSource.readFashion(settings)
    var random = RandomStream(seed: settings.seed, name: "weights")
    let window = ConvolutionGeometry(stride: 2, padding: 1)
    let encoder = [
      AnyLayer(Conv2D(1, 32, kernelSize: 4, window, activation: .relu, random: &random)),
      AnyLayer(Conv2D(32, 64, kernelSize: 4, window, activation: .relu, random: &random)),
      AnyLayer(Flatten()), AnyLayer(Dense(3136, 256, activation: .relu, random: &random)),
    ]
    let decoder = [
      AnyLayer(Dense(latentSize, 256, activation: .relu, random: &random)),
      AnyLayer(Dense(256, 3136, activation: .relu, random: &random)),
      AnyLayer(Reshape([64, 7, 7])),
      AnyLayer(ConvTranspose2D(64, 32, kernelSize: 4, window, activation: .relu, random: &random)),
      AnyLayer(ConvTranspose2D(32, 1, kernelSize: 4, window, random: &random)),
    ]
    return try autoencoder(encoder, features: 256, decoder, &random, images, settings)
  }

  private struct Autoencoder: Module {
    var encoder: [AnyLayer]
    var mean: Dense
    var logVariance: Dense
    var decoder: [AnyLayer]

    static let fields: [Field<Autoencoder>] = [
      .module("encoder", \.encoder), .module("mean", \.mean),
      .module("logVariance", \.logVariance), .module("decoder", \.decoder),
    ]
  }

  /// Adam on the mean over the batch of cross-entropy and divergence, summed over the image.
  private static func autoencoder(
    _ encoder: [AnyLayer], features: Int, _ decoder: [AnyLayer], _ random: inout RandomStream,
    _ reading: ImageSource.Reading, _ settings: BenchmarkSettings
  ) throws -> Workload {
    let network = Autoencoder(
      encoder: encoder, mean: Dense(features, latentSize, random: &random),
      logVariance: Dense(features, latentSize, random: &random), decoder: decoder)
    let source = try ImageSource.fashion(reading, [batchSize, 1, 28, 28], settings) {
      $0 / 255
    }
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let bound = graph.bind(network, as: "vae")
      let images = source.tensor(graph)
      let code = bound.encoder(images, mode: .training)
      let mean = bound.mean(code, mode: .training)
      let logVariance = bound.logVariance(code, mode: .training)
      let noise = graph.randomNormal(mean.shape, stream: "posterior")
      let logits = bound.decoder(mean + (0.5 * logVariance).exp() * noise, mode: .training)
      let reconstruction = Losses.sigmoidCrossEntropy(
        logits: logits.flattened(), targets: images.flattened())
      let kl = Losses.gaussianKL(mean: mean, logVariance: logVariance)
      let loss = (reconstruction.sum() + kl.sum()) / Double(batchSize)
      graph.minimize(loss, over: bound.tensors(in: graph), with: Adam(learningRate: 1e-3))
      let program = settings.workspace().load(try graph.compile(["loss": loss]))
      var step = 0
      return {
        source.feed(program)
        program.run(step: step)
        step += 1
        return program.scalar("loss")
      }
    }
  }
}
