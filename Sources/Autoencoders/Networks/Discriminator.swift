import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// Scores samples, above 0 where they are taken for real.
struct Discriminator: Module {
  private var body: [AnyLayer]
  /// Between the features and the score.
  private var hidden: [AnyLayer] = []
  private var head: Dense

  static let fields: [Field<Discriminator>] = [
    .module("body", \.body), .module("hidden", \.hidden), .module("head", \.head),
  ]

  /// Of latent points.
  init(latentSize: Int, _ configuration: AdversaryConfiguration, random: inout RandomStream) {
    let widths = [latentSize] + configuration.hidden
    body = zip(widths, widths.dropFirst()).map { inputs, outputs in
      AnyLayer(Dense(inputs, outputs, activation: .leakyReLU, random: &random))
    }
    head = Dense(widths[widths.count - 1], 1, random: &random)
  }

  /// Of images, with the layers of an encoder. What it tells them by is what its convolutions see; without
  /// any, what its last dense layer does.
  init(_ configuration: AutoencoderConfiguration, image: Shape, random: inout RandomStream) {
    var configuration = configuration
    configuration.batchNorm = false
    let coders = Coders(configuration, image: image)
    guard !coders.channels.isEmpty else {
      let width: Int
      (body, width) = coders.encoder(&random)
      head = Dense(width, 1, random: &random)
      return
    }
    let widths = [coders.innermost.count] + coders.hidden
    body = coders.halvings(activation: .leakyReLU, &random) + [AnyLayer(Flatten())]
    hidden = coders.dense(widths, activation: .leakyReLU, &random)
    head = Dense(widths[widths.count - 1], 1, random: &random)
  }

  /// The scores [N] of samples, and what they are told by, [N, width].
  func callAsFunction(_ samples: Tensor, mode: Mode) -> (scores: Tensor, features: Tensor) {
    let graph = samples.graph
    return graph.scoped("discriminator") {
      let features = graph.scoped("body") { body(samples, mode: mode) }
      let seen = graph.scoped("hidden") { hidden(features, mode: mode) }
      let scores = graph.layer("head", kind: head.kind) { head(seen, mode: mode) }
      return (scores.flattened(from: 0), features)
    }
  }

  /// The mean cross-entropies of both kinds of samples, added (Goodfellow et al. 2014).
  static func loss(real: Tensor, fake: Tensor) -> Tensor {
    (-real).softplus().mean() + fake.softplus().mean()
  }
}

/// What can be configured of models with a discriminator.
public struct AdversaryConfiguration: ExperimentConfiguration {
  /// Units of the dense layers of one that judges latent points.
  public var hidden = [512, 512]
  /// What an adversarial autoencoder's discriminator counts for.
  public var weight = 10.0
  /// What the error of features counts for in the decoder's loss of a VAE-GAN.
  public var similarityWeight = 0.01
  /// How the discriminator's parameters are updated.
  public var optimizer = OptimizerConfiguration()

  /// Kim and Mnih's rate.
  public init() {
    optimizer.learningRate = 1e-4
    optimizer.beta1 = 0.5
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integers(
        "hidden", \.hidden, in: 1...16_384, count: 1...16, unit: "units",
        "Dense layers of a discriminator of latent points."),
      .number(
        "weight", \.weight, in: 0...1e6,
        "What the discriminator of an adversarial autoencoder counts for."),
      .number(
        "similarityWeight", \.similarityWeight, in: 0...1e6,
        "What the error of features counts for to the decoder of a VAE-GAN."),
      .group("optimizer", \.optimizer, "How the discriminator's parameters are updated."),
    ]
  }
}
