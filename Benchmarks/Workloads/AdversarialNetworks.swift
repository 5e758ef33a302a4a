import NeuralNetworks
import Randomness
import TensorEngine

extension Benchmark {
  private static let batchSize = 64
  /// Up or down by 2 with a window of 4.
  private static let window = ConvolutionGeometry(stride: 2, padding: 1)

  /// A small DCGAN of 28x28 images.
  static let dcgan28 = Benchmark(
    "dcgan28", "DCGAN of Fashion-MNIST, batches of 64", .imagesPerSecond, unitsPerStep: batchSize,
    workPerUnit: 160_663_552
  ) { settings in
    let images = ImageSource.readFashion(settings)
    var random = weights(settings)
    return adversarial(
      generator28(&random), discriminator28(normalizes: true, &random), latent: [batchSize, 64],
      try fashion(images, settings), .deepConvolutional, settings)
  }

  /// The network of Radford et al. for images of 64x64.
  static let dcgan64 = Benchmark(
    "dcgan64", "DCGAN of 3x64x64 images, batches of 64", .iterationsPerSecond, unitsPerStep: 1,
    workPerUnit: 158_968_315_904
  ) { settings in
    var random = weights(settings)
    return adversarial(
      generator64(&random), discriminator64(&random), latent: [batchSize, 100, 1, 1],
      .random([batchSize, 3, 64, 64], count: 1024, settings), .deepConvolutional, settings)
  }

  /// A critic whose gradient is held at length 1; one generator step in five.
  static let wganGP28 = Benchmark(
    "wgan_gp28", "WGAN-GP of Fashion-MNIST, batches of 64: critic steps", .iterationsPerSecond,
    unitsPerStep: 1, workPerUnit: 11_896_930_304,
    plan: {
      var plan = MeasurementPlan()
      plan.warmUpSteps = 12
      return plan
    }()
  ) { settings in
    let images = ImageSource.readFashion(settings)
    var random = weights(settings)
    return adversarial(
      generator28(&random), discriminator28(normalizes: false, &random), latent: [batchSize, 64],
      try fashion(images, settings), .wasserstein, settings)
  }

  private static func weights(_ settings: BenchmarkSettings) -> RandomStream {
    RandomStream(seed: settings.seed, name: "weights")
  }

  private static func fashion(
    _ reading: ImageSource.Reading, _ settings: BenchmarkSettings
  ) throws -> ImageSource {
    try .fashion(reading, [batchSize, 1, 28, 28], settings) { $0 / 127.5 - 1 }
  }

  // MARK: Networks

  private static let initializer = Initializer.normal(deviation: 0.02)

  private static func up(
    _ inputs: Int, _ outputs: Int, usesBias: Bool = false, _ random: inout RandomStream
  ) -> AnyLayer {
    AnyLayer(
      ConvTranspose2D(
        inputs, outputs, kernelSize: 4, window, usesBias: usesBias, initializer: initializer,
        random: &random))
  }

  private static func down(
    _ inputs: Int, _ outputs: Int, usesBias: Bool = false, _ random: inout RandomStream
  ) -> AnyLayer {
    AnyLayer(
      Conv2D(
        inputs, outputs, kernelSize: 4, window, usesBias: usesBias, initializer: initializer,
        random: &random))
  }

  private static func normalized(_ channels: Int, _ activation: Activation) -> [AnyLayer] {
    [AnyLayer(BatchNorm(channels)), AnyLayer(activation)]
  }

  private static func generator28(_ random: inout RandomStream) -> [AnyLayer] {
    let first = Dense(64, 6272, usesBias: false, initializer: initializer, random: &random)
    return [AnyLayer(first), AnyLayer(Reshape([128, 7, 7]))] + normalized(128, .relu)
      + [up(128, 64, &random)] + normalized(64, .relu)
      + [up(64, 1, usesBias: true, &random), AnyLayer(Activation.tanh)]
  }

  private static func discriminator28(
    normalizes: Bool, _ random: inout RandomStream
  ) -> [AnyLayer] {
    [down(1, 64, usesBias: true, &random), AnyLayer(Activation.leakyReLU)]
      + [down(64, 128, usesBias: !normalizes, &random)]
      + (normalizes ? normalized(128, .leakyReLU) : [AnyLayer(Activation.leakyReLU)])
      + [
        AnyLayer(Flatten()),
        AnyLayer(Dense(6272, 1, initializer: initializer, random: &random)),
      ]
  }

  private static func generator64(_ random: inout RandomStream) -> [AnyLayer] {
    let first = ConvTranspose2D(
      100, 512, kernelSize: 4, usesBias: false, initializer: initializer, random: &random)
    var layers = [AnyLayer(first)]
    for (inputs, outputs) in [(512, 256), (256, 128), (128, 64), (64, 3)] {
      layers += normalized(inputs, .relu) + [up(inputs, outputs, &random)]
    }
    return layers + [AnyLayer(Activation.tanh)]
  }

  private static func discriminator64(_ random: inout RandomStream) -> [AnyLayer] {
    var layers = [down(3, 64, &random), AnyLayer(Activation.leakyReLU)]
    for (inputs, outputs) in [(64, 128), (128, 256), (256, 512)] {
      layers += [down(inputs, outputs, &random)] + normalized(outputs, .leakyReLU)
    }
    let last = Conv2D(
      512, 1, kernelSize: 4, usesBias: false, initializer: initializer, random: &random)
    return layers + [AnyLayer(last), AnyLayer(Flatten())]
  }

  // MARK: Steps

  /// What two networks are trained for against each other.
  private struct Game {
    let adam: Adam
    /// Discriminator steps for each of the generator's.
    let generatorInterval: Int
    /// Of the scores of real and made images; the images and the discriminator for more.
    let discriminatorLoss: (_ real: Tensor, _ fake: Tensor, _ score: (Tensor) -> Tensor) -> Tensor
    /// Of the scores of made images.
    let generatorLoss: (Tensor) -> Tensor

    /// The non-saturating game of Goodfellow et al. 2014, with DCGAN's Adam.
    static var deepConvolutional: Game {
      func crossEntropy(_ logits: Tensor, _ target: Double) -> Tensor {
        Losses.sigmoidCrossEntropy(logits: logits, targets: logits.graph.constant(target)).mean()
      }
      return Game(
        adam: Adam(learningRate: 2e-4, beta1: 0.5), generatorInterval: 1,
        discriminatorLoss: { real, fake, score in
          crossEntropy(score(real), 1) + crossEntropy(score(fake), 0)
        }, generatorLoss: { crossEntropy($0, 1) })
    }

    /// The game of Gulrajani et al. 2017, with a penalty of weight 10.
    static var wasserstein: Game {
      Game(
        adam: Adam(learningRate: 1e-4, beta1: 0, beta2: 0.9), generatorInterval: 5,
        discriminatorLoss: { real, fake, score in
          let graph = real.graph
          let share = graph.randomUniform([real.shape[0], 1, 1, 1], stream: "mix")
          let mix = share * real + (1 - share) * fake
          let slope = graph.gradients(of: score(mix).sum(), withRespectTo: [mix])[0]
          let length = slope.flattened().square().sum(axes: [1]).sqrt()
          return score(fake).mean() - score(real).mean() + 10 * (length - 1).square().mean()
        }, generatorLoss: { -$0.mean() })
    }
  }

  /// A step of the discriminator on real and made images, and every so often one of the generator,
  /// in which the discriminator is frozen: gradients are asked for the generator's parameters only.
  private static func adversarial(
    _ generator: [AnyLayer], _ discriminator: [AnyLayer], latent: Shape, _ source: ImageSource,
    _ game: Game, _ settings: BenchmarkSettings
  ) -> Workload {
    Workload(parameterCounts: [generator.parameterCount, discriminator.parameterCount]) {
      /// Traces images made from fresh noise and a loss of the discriminator, which `trained` of
      /// the two networks is to minimise.
      func program(
        _ name: String,
        trained: (_ generator: [AnyLayer], _ discriminator: [AnyLayer]) -> [AnyLayer],
        loss: (_ fake: Tensor, _ score: (Tensor) -> Tensor) -> Tensor
      ) throws -> Program<Float> {
        let graph = Graph()
        let makes = graph.bind(generator, as: "generator")
        let scores = graph.bind(discriminator, as: "discriminator")
        let fake = makes(graph.randomNormal(latent, stream: "\(name) noise"), mode: .training)
        let loss = loss(fake) { scores($0, mode: .training) }
        graph.minimize(
          loss, over: trained(makes, scores).tensors(in: graph), with: game.adam,
          name: "\(name) optimizer")
        return try graph.compile(["loss": loss])
      }
      let workspace = settings.workspace()
      let discriminatorStep = workspace.load(
        try program("discriminator", trained: { $1 }) { fake, score in
          game.discriminatorLoss(source.tensor(fake.graph), fake, score)
        })
      let generatorStep = workspace.load(
        try program("generator", trained: { generator, _ in generator }) { fake, score in
          game.generatorLoss(score(fake))
        })
      var step = 0
      return {
        source.feed(discriminatorStep)
        discriminatorStep.run(step: step)
        let loss = discriminatorStep.scalar("loss")
        step += 1
        if step % game.generatorInterval == 0 { generatorStep.run(step: step) }
        return loss
      }
    }
  }
}
