import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// pix2pix (Isola, Zhu, Zhou and Efros, "Image-to-image translation with conditional adversarial
/// networks", 2017): a generator makes B of A, and a discriminator sees A beside what is made or
/// real. The generator also learns to be near the target, pixel by pixel.
///
/// Differs from the paper: the generator is updated before the discriminator, by the images that the
/// discriminator then sees; the discriminator's loss is not halved.
struct PairedPrograms: TranslationPrograms {
  private let networks: PairedNetworks
  private let configuration: TranslationConfiguration
  private let image: Shape

  let networkNames = ["generator", "discriminator"]
  let madeSides = ["B"]
  let rows = [("input", "A"), ("made", "madeB"), ("real", "B")].map { (caption: $0, output: $1) }

  /// - Parameter image: the shape of an image, [C, H, W].
  init(_ configuration: TranslationConfiguration, image: Shape, random: inout RandomStream) {
    self.configuration = configuration
    self.image = image
    networks = PairedNetworks(
      generator: configuration.generator.network(image: image[0], random: &random),
      discriminator: AnyLayer(
        PatchDiscriminator(
          inputs: 2 * image[0], channels: configuration.discriminator.channels, random: &random)))
  }

  func generatorStep(_ freezing: GANPrograms.Freezing) throws -> Program<Float> {
    let graph = Graph(streams: "generator step")
    let networks = graph.bind(self.networks, as: "")
    let (a, b) = graph.sides(batch: configuration.batchSize, image)
    let objective = configuration.objective.objective
    let made = networks.make(of: a, mode: .training)
    let (ofFake, ofReal) = graph.withoutUpdates {
      (
        networks.scores(of: made, from: a),
        objective.comparesWithReal ? networks.scores(of: b, from: a) : nil
      )
    }
    let adversarial = objective.generatorLoss(fake: ofFake, real: ofReal)
    let target = made.distance(to: b)
    let loss = adversarial + configuration.targetWeight * target
    graph.minimize(
      loss, over: networks.generator.tensors(in: graph),
      with: configuration.generatorOptimizer, name: "generatorOptimizer")
    var outputs =
      freezing == .nothing
      ? GANPrograms.gradients(of: loss, networks.discriminator.tensors(in: graph)) : [:]
    outputs["generatorLoss"] = loss
    outputs["adversarialLoss"] = adversarial
    outputs["targetLoss"] = target
    outputs["madeB"] = made
    return try graph.compile(outputs)
  }

  func discriminatorStep() throws -> Program<Float> {
    let graph = Graph(streams: "discriminator step")
    let networks = graph.bind(self.networks, as: "")
    let batch = configuration.batchSize
    let (a, b) = graph.sides(batch: batch, image)
    let fake = graph.made("B", batch: batch, image)
    let loss = configuration.objective.objective.discriminatorLoss(
      real: networks.scores(of: b, from: a), fake: networks.scores(of: fake, from: a),
      targets: (graph.constant(1), graph.constant(0)))
    graph.minimize(
      loss, over: networks.discriminator.tensors(in: graph),
      with: configuration.discriminatorOptimizer, name: "discriminatorOptimizer")
    return try graph.compile(["discriminatorLoss": loss])
  }

  func translation(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let networks = graph.bind(self.networks, as: "")
    let (a, b) = graph.sides(batch: batch, image)
    let made = networks.make(of: a, mode: .inference)
    return try graph.compile([
      "A": a.asBrightness, "B": b.asBrightness, "madeB": made.asBrightness,
      "errorB": made.error(to: b),
    ])
  }

  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let networks = graph.bind(self.networks, as: "")
    let a = graph.sides(batch: 1, image).a
    _ = networks.scores(of: networks.make(of: a, mode: .inference), from: a)
    return ExperimentDescription.layers(of: graph, self.networks)
  }
}

/// The two networks of pix2pix.
private struct PairedNetworks: Module {
  var generator: AnyLayer
  var discriminator: AnyLayer

  static let fields: [Field<PairedNetworks>] = [
    .module("generator", \.generator), .module("discriminator", \.discriminator),
  ]

  func make(of input: Tensor, mode: Mode) -> Tensor {
    input.graph.scoped("generator") { generator(input, mode: mode) }
  }

  /// The scores of all patches of all images.
  func scores(of output: Tensor, from input: Tensor) -> Tensor {
    output.graph.scoped("discriminator") {
      discriminator(Tensor.concatenate([input, output], axis: 1), mode: .training)
        .flattened(from: 0)
    }
  }
}
