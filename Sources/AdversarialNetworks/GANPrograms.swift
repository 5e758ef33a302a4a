import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of two networks that are trained against each other. They share the states
/// `generator`, `discriminator` and, where there is one, `average`, the generator's moving average.
///
/// Each network's numbers change in its own step alone. What the other one normalises batches by is
/// taken from the batch there, and its running statistics are not touched.
struct GANPrograms {
  let generator: Generator
  let discriminator: Discriminator
  let configuration: GANConfiguration
  let source: SampleSource
  /// The networks by their names.
  static let networks = ["generator", "discriminator"]

  /// Whether a step's gradients leave the other network out; the others are traced to tell what
  /// that saves.
  enum Freezing { case other, nothing }

  private var classCount: Int { source.classNames.count }
  private var batch: Int { configuration.batchSize }
  private var objective: any Objective { configuration.objective.objective }
  private var isConditional: Bool { configuration.condition != .none }

  /// One update of the discriminator by "real" samples, with their "labels" where classes matter,
  /// and as many made ones. Gives "discriminatorLoss", the mean "realScore" and "fakeScore", where the
  /// objective draws a line the shares "realAccuracy" and "fakeAccuracy" that are on the right side
  /// of it, and "penalty" where there is one.
  func discriminatorStep(_ freezing: Freezing = .other) throws -> Program<Float> {
    let graph = Graph(streams: "discriminator step")
    let (makes, scores) = bound(graph)
    let classes = isConditional ? labels(graph).oneHot(classes: classCount) : nil
    let latents = graph.randomNormal([batch, configuration.latentSize], stream: "latents")
    let made = graph.withoutUpdates { makes(latents, classes: classes, mode: .training) }
    let real = softened(source.tensor(graph, batch: batch), "real noise")
    let fake = softened(made, "fake noise")
    let ofReal = scores(real, classes: classes, mode: .training)
    let ofFake = scores(fake, classes: classes, mode: .training)

    var loss = objective.discriminatorLoss(
      real: ofReal.scores, fake: ofFake.scores, targets: targets(graph))
    if let classes {
      for logits in [ofReal.classLogits, ofFake.classLogits].compactMap(\.self) {
        loss = loss + Self.crossEntropy(logits, classes)
      }
    }
    let slope = configuration.penalty(real: real, fake: fake) { samples in
      graph.withoutUpdates { scores(samples, classes: classes, mode: .training).scores }
    }
    let total = slope.map { loss + configuration.penaltyWeight * $0 } ?? loss

    graph.minimize(
      total, over: scores.tensors(in: graph), with: configuration.discriminatorOptimizer.rule,
      name: "discriminatorOptimizer",
      within: configuration.weightBound > 0 ? configuration.weightBound : nil)
    var outputs =
      freezing == .nothing ? Self.gradients(of: total, makes.tensors(in: graph)) : [:]
    outputs["discriminatorLoss"] = loss
    outputs["realScore"] = ofReal.scores.mean()
    outputs["fakeScore"] = ofFake.scores.mean()
    if let margins = objective.margins(real: ofReal.scores, fake: ofFake.scores) {
      outputs["realAccuracy"] = margins.real.isGreater(than: 0).mean()
      outputs["fakeAccuracy"] = margins.fake.isLess(than: 0).mean()
    }
    outputs["penalty"] = slope
    return try graph.compile(outputs)
  }

  /// One update of the generator and of its average; the discriminator is frozen. Gives "generatorLoss".
  func generatorStep(_ freezing: Freezing = .other) throws -> Program<Float> {
    let graph = Graph(streams: "generator step")
    let (makes, scores) = bound(graph)
    let latents = graph.randomNormal([batch, configuration.latentSize], stream: "latents")
    let classes =
      !isConditional
      ? nil
      : objective.comparesWithReal
        ? labels(graph).oneHot(classes: classCount) : randomClasses(graph)
    let made = softened(makes(latents, classes: classes, mode: .training), "fake noise")
    let (ofFake, ofReal) = graph.withoutUpdates {
      (
        scores(made, classes: classes, mode: .training),
        objective.comparesWithReal
          ? scores(
            softened(source.tensor(graph, batch: batch), "real noise"), classes: classes,
            mode: .training
          ).scores : nil
      )
    }
    let kept = max(1, Int((configuration.topShare * Double(batch)).rounded()))
    let best = kept < batch ? ofFake.scores.topK(kept).values : ofFake.scores
    var loss = objective.generatorLoss(fake: best, real: ofReal)
    if let classes, let logits = ofFake.classLogits {
      loss = loss + Self.crossEntropy(logits, classes)
    }
    graph.minimize(
      loss, over: makes.tensors(in: graph), with: configuration.generatorOptimizer.rule,
      name: "generatorOptimizer")
    if configuration.averageDecay > 0 {
      graph.average(
        makes, into: graph.bind(generator, as: "average"), decay: configuration.averageDecay)
    }
    var outputs =
      freezing == .nothing ? Self.gradients(of: loss, scores.tensors(in: graph)) : [:]
    outputs["generatorLoss"] = loss
    return try graph.compile(outputs)
  }

  /// The "samples" of "latents", and of "labels" where classes matter: images in 0 ... 1, points as
  /// they are. By the average where there is one.
  func sampling(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let name = configuration.averageDecay > 0 ? "average" : "generator"
    let latents = graph.input("latents", shape: [batch, configuration.latentSize])
    let classes =
      isConditional
      ? graph.input("labels", shape: [batch], type: .index).oneHot(classes: classCount) : nil
    let made = graph.bind(generator, as: name)(latents, classes: classes, mode: .inference)
    return try graph.compile(["samples": source.shape.rank == 3 ? (made + 1) / 2 : made])
  }

  /// The layers of both networks.
  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let (makes, scores) = bound(graph)
    let latents = graph.input("latents", shape: [1, configuration.latentSize])
    let classes = isConditional ? graph.input("classes", shape: [1, classCount]) : nil
    _ = scores(
      makes(latents, classes: classes, mode: .inference), classes: classes, mode: .inference)
    return ExperimentDescription.layers(
      of: graph, Pair(generator: generator, discriminator: discriminator))
  }

  private func bound(_ graph: Graph) -> (Generator, Discriminator) {
    (graph.bind(generator, as: "generator"), graph.bind(discriminator, as: "discriminator"))
  }

  private func labels(_ graph: Graph) -> Tensor {
    graph.input("labels", shape: [batch], type: .index)
  }

  /// A class for each sample, all as likely, one-hot.
  private func randomClasses(_ graph: Graph) -> Tensor {
    let even = graph.constant(0).broadcast(to: [batch, classCount])
    return graph.randomCategorical(logits: even, stream: "classes").oneHot(classes: classCount)
  }

  private func softened(_ samples: Tensor, _ stream: String) -> Tensor {
    let deviation = configuration.softening.instanceNoise
    guard deviation > 0 else { return samples }
    return samples + deviation * samples.graph.randomNormal(samples.shape, stream: stream)
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

  /// The mean cross-entropy of classes given one-hot.
  private static func crossEntropy(_ logits: Tensor, _ classes: Tensor) -> Tensor {
    -(classes * logits.logSoftmax(axis: 1)).sum(axes: [1]).mean()
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
