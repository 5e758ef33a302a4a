import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of two networks that are trained against each other. They share the states
/// `generator`, `discriminator` and, where there is one, `average`, the generator's moving average.
///
/// Each network's numbers change in its own step alone. What the other one normalises batches by is
/// taken from the batch there, and its running statistics are not touched. A generator that looks
/// ahead needs gradients of the discriminator, whose updates are on its way, but keeps none of them.
struct GANPrograms {
  let generator: Generator
  let discriminator: Discriminator
  let configuration: GANConfiguration
  let source: SampleSource
  let conditioning: Conditioning
  /// The networks by their names.
  static let networks = ["generator", "discriminator"]

  /// Whether a step's gradients leave the other network out; the others are traced to tell what
  /// that saves.
  enum Freezing { case other, nothing }

  private var batch: Int { configuration.batchSize }
  private var objective: any Objective { configuration.objective(configuration) }

  /// One update of the discriminator by "real" samples, with their "labels" where classes matter,
  /// and as many made ones. Gives "discriminatorLoss", the mean "realScore" and "fakeScore", where the
  /// objective draws a line the shares "realAccuracy" and "fakeAccuracy" that are on the right side
  /// of it, "penalty" where there is one, and what else the objective measures.
  func discriminatorStep(_ freezing: Freezing = .other) throws -> Program<Float> {
    let graph = Graph(streams: "discriminator step")
    let (makes, scores) = bound(graph)
    let real = source.tensor(graph, batch: batch)
    let realCodes = conditioning.codesOfReal(graph, batch: batch)
    let codes = realCodes ?? conditioning.drawnCodes(graph, batch: batch)
    let made = graph.withoutUpdates {
      makes(latents(graph), codes: codes, mode: .training)
    }
    let game = game(scores, real: real, realCodes: realCodes, made: made, codes: codes)
    minimize(
      game.loss, of: scores,
      gathering: configuration.gatheredBatches * configuration.discriminatorOptimizer.accumulation)
    var outputs =
      freezing == .nothing ? Self.gradients(of: game.loss, makes.tensors(in: graph)) : [:]
    outputs.merge(game.measures) { $1 }
    return try graph.compile(outputs)
  }

  /// One update of the generator and of its average; the discriminator is frozen. Gives "generatorLoss".
  func generatorStep(_ freezing: Freezing = .other) throws -> Program<Float> {
    let graph = Graph(streams: "generator step")
    let (makes, scores) = bound(graph)
    let seesReal = objective.comparesWithReal || configuration.unrolledSteps > 0
    let real = seesReal ? source.tensor(graph, batch: batch) : nil
    let realCodes = seesReal ? conditioning.codesOfReal(graph, batch: batch) : nil
    let codes = realCodes ?? conditioning.drawnCodes(graph, batch: batch)
    let made = makes(latents(graph), codes: codes, mode: .training)
    let loss = graph.trying {
      if let real {
        for _ in 0..<configuration.unrolledSteps {
          let game = game(scores, real: real, realCodes: realCodes, made: made, codes: codes)
          minimize(game.loss, of: scores, gathering: 1)
        }
      }
      return generatorLoss(scores, made: made, codes: codes, real: real, realCodes: realCodes)
    }
    let isDue = graph.minimize(
      loss, over: makes.tensors(in: graph), with: configuration.generatorOptimizer,
      name: "generatorOptimizer", gathering: configuration.gatheredBatches)
    if configuration.averageDecay > 0 {
      graph.updating(where: isDue) {
        graph.average(
          makes, into: graph.bind(generator, as: "average"), decay: configuration.averageDecay)
      }
    }
    var outputs =
      freezing == .nothing ? Self.gradients(of: loss, scores.tensors(in: graph)) : [:]
    outputs["generatorLoss"] = loss
    return try graph.compile(outputs)
  }

  /// The "samples" of "latents", with the continuous codes and the class, one-hot, at their ends: images
  /// in 0 ... 1, points as they are. By the average where there is one.
  func sampling(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let name = configuration.averageDecay > 0 ? "average" : "generator"
    let sizes = [
      configuration.latentSize, conditioning.continuousCount, conditioning.classCount,
    ]
    let inputs = graph.input("latents", shape: [batch, sizes.reduce(0, +)])
      .split(sizes: sizes.filter { $0 > 0 }, axis: 1)
    var codes: Tensor?
    if conditioning.kind != .none {
      let classes = inputs[inputs.count - 1]
      codes = sizes[1] > 0 ? Tensor.concatenate([classes, inputs[1]], axis: 1) : classes
    }
    let made = graph.bind(generator, as: name)(inputs[0], codes: codes, mode: .inference)
    return try graph.compile(["samples": source.shape.rank == 3 ? (made + 1) / 2 : made])
  }

  /// The layers of both networks.
  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let (makes, scores) = bound(graph)
    let latents = graph.input("latents", shape: [1, configuration.latentSize])
    let codes =
      conditioning.kind == .none ? nil : graph.input("codes", shape: [1, conditioning.width])
    _ = scores(
      makes(latents, codes: codes, mode: .inference), codes: codes, mode: .inference)
    return ExperimentDescription.layers(
      of: graph, Pair(generator: generator, discriminator: discriminator))
  }

  // MARK: Parts of the steps

  /// What the discriminator makes small, with its penalty, and all that is measured of it.
  private func game(
    _ scores: Discriminator, real: Tensor, realCodes: Tensor?, made: Tensor, codes: Tensor?
  ) -> (loss: Tensor, measures: [String: Tensor]) {
    let graph = real.graph
    let real = softened(real, "real")
    let fake = softened(made, "fake")
    let ofReal = scores(real, codes: realCodes, mode: .training)
    let ofFake = scores(fake, codes: codes, mode: .training)
    var loss = objective.discriminatorLoss(
      real: ofReal.scores, fake: ofFake.scores, targets: targets(graph))
    for (told, codes) in [(ofReal.told, realCodes), (ofFake.told, codes)] {
      if let told, let codes { loss = loss + conditioning.loss(told: told, codes: codes) }
    }
    var measures = objective.measures(real: ofReal.scores, fake: ofFake.scores)
    measures["discriminatorLoss"] = loss
    measures["realScore"] = ofReal.scores.mean()
    measures["fakeScore"] = ofFake.scores.mean()
    if let margins = objective.margins(real: ofReal.scores, fake: ofFake.scores) {
      measures["realAccuracy"] = margins.real.isGreater(than: 0).mean()
      measures["fakeAccuracy"] = margins.fake.isLess(than: 0).mean()
    }
    let slope = configuration.penalty(real: real, fake: fake) { samples in
      graph.withoutUpdates { scores(samples, codes: codes, mode: .training).scores }
    }
    guard let slope else { return (loss, measures) }
    measures["penalty"] = slope
    return (loss + configuration.penaltyWeight * slope, measures)
  }

  private func minimize(_ loss: Tensor, of scores: Discriminator, gathering batches: Int) {
    loss.graph.minimize(
      loss, over: scores.tensors(in: loss.graph), with: configuration.discriminatorOptimizer.rule,
      name: "discriminatorOptimizer",
      within: configuration.weightBound > 0 ? configuration.weightBound : nil, gathering: batches,
      clipping: configuration.discriminatorOptimizer.gradientClipping)
  }

  /// What the generator makes small.
  private func generatorLoss(
    _ scores: Discriminator, made: Tensor, codes: Tensor?, real: Tensor?, realCodes: Tensor?
  ) -> Tensor {
    let ofFake = scores(softened(made, "fake"), codes: codes, mode: .training)
    var ofReal: Tensor?
    if let real, objective.comparesWithReal {
      ofReal = scores(softened(real, "real"), codes: realCodes, mode: .training).scores
    }
    let kept = max(1, Int((configuration.topShare * Double(batch)).rounded()))
    let best = kept < batch ? ofFake.scores.topK(kept).values : ofFake.scores
    let loss = objective.generatorLoss(fake: best, real: ofReal)
    guard let told = ofFake.told, let codes else { return loss }
    return loss + conditioning.loss(told: told, codes: codes)
  }

  private func bound(_ graph: Graph) -> (Generator, Discriminator) {
    (graph.bind(generator, as: "generator"), graph.bind(discriminator, as: "discriminator"))
  }

  private func latents(_ graph: Graph) -> Tensor {
    graph.randomNormal([batch, configuration.latentSize], stream: "latents")
  }

  /// Samples as the discriminator sees them.
  private func softened(_ samples: Tensor, _ kind: String) -> Tensor {
    let samples = samples.augmented(by: configuration.augmentation, stream: kind)
    let deviation = configuration.softening.instanceNoise
    guard deviation > 0 else { return samples }
    return samples + deviation * samples.graph.randomNormal(samples.shape, stream: "\(kind) noise")
  }

  private func targets(_ graph: Graph) -> (real: Tensor, fake: Tensor) {
    let softening = configuration.softening
    func target(_ value: Double, _ stream: String) -> Tensor {
      softening.labelNoise > 0
        ? value - softening.labelNoise * graph.randomUniform([batch], stream: stream)
        : graph.constant(value)
    }
    return (target(1 - softening.smoothing, "real targets"), target(0, "fake targets"))
  }

  /// Gradients that nothing uses, as results, so that they are computed.
  static func gradients(
    of loss: Tensor, _ parameters: [(name: String, tensor: Tensor)]
  ) -> [String: Tensor] {
    let gradients = loss.graph.gradients(
      of: loss, withRespectTo: parameters.map(\.tensor))
    return Dictionary(
      uniqueKeysWithValues: zip(parameters, gradients).map { ("gradient.\($0.name)", $1) })
  }
}

/// Both networks, for tables of their layers.
private struct Pair: Module {
  var generator: Generator
  var discriminator: Discriminator

  static let fields: [Field<Pair>] = [
    .module("generator", \.generator), .module("discriminator", \.discriminator),
  ]
}
