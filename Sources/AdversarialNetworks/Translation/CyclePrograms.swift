import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// CycleGAN (Zhu, Park, Isola and Efros, "Unpaired image-to-image translation using cycle-consistent
/// adversarial networks", 2017): one generator makes B of A, another A of B, and each side has a
/// discriminator. What goes there and back shall be what it was, and what is of a generator's own
/// side already shall stay as it is.
///
/// Differs from the paper: the loss of identity is used on all data, unless its weight is 0; the
/// objective's halves make the generators' adversarial loss half of the paper's.
struct CyclePrograms: TranslationPrograms {
  private let networks: CycleNetworks
  private let configuration: TranslationConfiguration
  private let image: Shape

  let networkNames = ["generatorAB", "generatorBA", "discriminatorA", "discriminatorB"]
  let madeSides = ["A", "B"]
  let rows = [
    ("A", "A"), ("A to B", "madeB"), ("and back", "backA"),
    ("B", "B"), ("B to A", "madeA"), ("and back", "backB"),
  ].map { (caption: $0, output: $1) }

  /// - Parameter image: the shape of an image, [C, H, W].
  init(_ configuration: TranslationConfiguration, image: Shape, random: inout RandomStream) {
    self.configuration = configuration
    self.image = image
    func discriminator(_ random: inout RandomStream) -> AnyLayer {
      AnyLayer(
        PatchDiscriminator(
          inputs: image[0], channels: configuration.discriminator.channels, random: &random))
    }
    networks = CycleNetworks(
      generatorAB: configuration.generator.network(image: image[0], random: &random),
      generatorBA: configuration.generator.network(image: image[0], random: &random),
      discriminatorA: discriminator(&random), discriminatorB: discriminator(&random))
  }

  func generatorStep(_ freezing: GANPrograms.Freezing) throws -> Program<Float> {
    let graph = Graph(streams: "generator step")
    let networks = graph.bind(self.networks, as: "")
    let (a, b) = graph.sides(batch: configuration.batchSize, image)
    let objective = configuration.objective.objective
    let madeB = networks.makeB(of: a, mode: .training)
    let madeA = networks.makeA(of: b, mode: .training)
    let adversarial = graph.withoutUpdates {
      objective.generatorLoss(
        fake: networks.scoresA(of: madeA),
        real: objective.comparesWithReal ? networks.scoresA(of: a) : nil)
        + objective.generatorLoss(
          fake: networks.scoresB(of: madeB),
          real: objective.comparesWithReal ? networks.scoresB(of: b) : nil)
    }
    let cycle =
      networks.makeA(of: madeB, mode: .training).distance(to: a)
      + networks.makeB(of: madeA, mode: .training).distance(to: b)
    var loss = adversarial + configuration.cycleWeight * cycle
    var outputs: [String: Tensor] = [:]
    if configuration.identityWeight > 0 {
      let identity =
        networks.makeA(of: a, mode: .training).distance(to: a)
        + networks.makeB(of: b, mode: .training).distance(to: b)
      loss = loss + configuration.identityWeight * identity
      outputs["identityLoss"] = identity
    }
    graph.minimize(
      loss,
      over: networks.generatorAB.tensors(in: graph) + networks.generatorBA.tensors(in: graph),
      with: configuration.generatorOptimizer, name: "generatorOptimizer")
    if freezing == .nothing {
      outputs.merge(
        GANPrograms.gradients(
          of: loss,
          networks.discriminatorA.tensors(in: graph) + networks.discriminatorB.tensors(in: graph))
      ) { first, _ in first }
    }
    outputs["generatorLoss"] = loss
    outputs["adversarialLoss"] = adversarial
    outputs["cycleLoss"] = cycle
    outputs["madeA"] = madeA
    outputs["madeB"] = madeB
    return try graph.compile(outputs)
  }

  func discriminatorStep() throws -> Program<Float> {
    let graph = Graph(streams: "discriminator step")
    let networks = graph.bind(self.networks, as: "")
    let batch = configuration.batchSize
    let (a, b) = graph.sides(batch: batch, image)
    let objective = configuration.objective.objective
    let targets = (real: graph.constant(1), fake: graph.constant(0))
    let loss =
      objective.discriminatorLoss(
        real: networks.scoresA(of: a),
        fake: networks.scoresA(of: graph.made("A", batch: batch, image)), targets: targets)
      + objective.discriminatorLoss(
        real: networks.scoresB(of: b),
        fake: networks.scoresB(of: graph.made("B", batch: batch, image)), targets: targets)
    graph.minimize(
      loss,
      over: networks.discriminatorA.tensors(in: graph)
        + networks.discriminatorB.tensors(in: graph),
      with: configuration.discriminatorOptimizer, name: "discriminatorOptimizer")
    return try graph.compile(["discriminatorLoss": loss])
  }

  func translation(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let networks = graph.bind(self.networks, as: "")
    let (a, b) = graph.sides(batch: batch, image)
    let madeB = networks.makeB(of: a, mode: .inference)
    let madeA = networks.makeA(of: b, mode: .inference)
    let backA = networks.makeA(of: madeB, mode: .inference)
    let backB = networks.makeB(of: madeA, mode: .inference)
    return try graph.compile([
      "A": a.asBrightness, "B": b.asBrightness,
      "madeA": madeA.asBrightness, "madeB": madeB.asBrightness,
      "backA": backA.asBrightness, "backB": backB.asBrightness,
      "errorA": madeA.error(to: a), "errorB": madeB.error(to: b),
      "cycleErrorA": backA.error(to: a), "cycleErrorB": backB.error(to: b),
    ])
  }

  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let networks = graph.bind(self.networks, as: "")
    let (a, b) = graph.sides(batch: 1, image)
    _ = networks.makeB(of: a, mode: .inference)
    _ = networks.makeA(of: b, mode: .inference)
    _ = (networks.scoresA(of: a), networks.scoresB(of: b))
    return ExperimentDescription.layers(of: graph, self.networks)
  }
}

/// The four networks of CycleGAN.
private struct CycleNetworks: Module {
  /// Makes B of A.
  var generatorAB: AnyLayer
  /// Makes A of B.
  var generatorBA: AnyLayer
  /// Tells real A from made ones.
  var discriminatorA: AnyLayer
  /// Tells real B from made ones.
  var discriminatorB: AnyLayer

  static let fields: [Field<CycleNetworks>] = [
    .module("generatorAB", \.generatorAB), .module("generatorBA", \.generatorBA),
    .module("discriminatorA", \.discriminatorA), .module("discriminatorB", \.discriminatorB),
  ]

  func makeB(of a: Tensor, mode: Mode) -> Tensor {
    a.graph.scoped("generatorAB") { generatorAB(a, mode: mode) }
  }

  func makeA(of b: Tensor, mode: Mode) -> Tensor {
    b.graph.scoped("generatorBA") { generatorBA(b, mode: mode) }
  }

  /// The scores of all patches of all images of side A.
  func scoresA(of a: Tensor) -> Tensor {
    a.graph.scoped("discriminatorA") { discriminatorA(a, mode: .training).flattened(from: 0) }
  }

  /// The scores of all patches of all images of side B.
  func scoresB(of b: Tensor) -> Tensor {
    b.graph.scoped("discriminatorB") { discriminatorB(b, mode: .training).flattened(from: 0) }
  }
}
