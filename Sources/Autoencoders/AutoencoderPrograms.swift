import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of an autoencoder, traced for a model and what it learns from. Those that read images
/// have the input "images" of bytes and, of a model that is told classes, "labels".
struct AutoencoderPrograms {
  let model: any Model
  let samples: SampleShape
  let configuration: AutoencoderConfiguration

  /// The names of the networks' states.
  static let networks = ["vae", "discriminator"]

  /// One update by a batch. Gives "loss" and the mean of each term by its name.
  func trainingStep() throws -> (
    program: Program<Float>, terms: [String], layers: [ExperimentDescription.Layer]
  ) {
    let graph = Graph()
    let model = bound(graph)
    let terms = model.terms(of: batch(graph, configuration.batchSize, .training))
    model.minimize(terms, in: graph, configuration)
    var outputs = ["loss": Term.loss(terms)]
    for term in terms { outputs[term.name] = term.mean }
    let parts = Parts(model: self.model, discriminator: self.model.discriminator)
    // A network that reads several tensors is traced as often.
    var known: Set<String> = []
    let layers = ExperimentDescription.layers(of: graph, parts)
      .filter { known.insert($0.path).inserted }
    return (try graph.compile(outputs), terms.map(\.name), layers)
  }

  /// One update of the discriminator by a batch, if the model has one. Gives "discriminatorLoss".
  func discriminatorStep() throws -> Program<Float>? {
    let graph = Graph(streams: "discriminator step")
    let model = bound(graph)
    guard let discriminator = model.discriminator else { return nil }
    let loss = graph.withoutUpdates {
      model.discriminatorLoss(of: batch(graph, configuration.batchSize, .training))
    }
    graph.minimize(
      loss, over: discriminator.tensors(in: graph), with: configuration.adversary.optimizer,
      name: "discriminatorOptimizer")
    return try graph.compile(["discriminatorLoss": loss])
  }

  /// What each term is for each image of a batch, or for the batch, by its name; and as
  /// "minimized.NAME" what is made small instead.
  func evaluation(batch count: Int) throws -> (program: Program<Float>, terms: [EvaluatedTerm]) {
    let graph = Graph()
    let terms = bound(graph).terms(of: batch(graph, count, .inference))
    var outputs: [String: Tensor] = [:]
    for term in terms {
      outputs[term.name] = term.values
      if let minimized = term.minimized { outputs["minimized.\(term.name)"] = minimized }
    }
    return (
      try graph.compile(outputs),
      terms.map {
        EvaluatedTerm(
          name: $0.name, isOfImages: $0.values.rank == 1, weight: $0.weight,
          isReplaced: $0.minimized != nil)
      }
    )
  }

  /// The latent points "latents" of images.
  func encoding(batch count: Int) throws -> Program<Float> {
    let graph = Graph()
    return try graph.compile(["latents": bound(graph).encode(batch(graph, count, .inference))])
  }

  /// Points "latents" of the posteriors of images, anew each step; where there are none the latent points.
  func drawing(batch count: Int) throws -> Program<Float> {
    let graph = Graph()
    return try graph.compile(["latents": bound(graph).draw(batch(graph, count, .inference))])
  }

  /// The pixel means "images" of "latents".
  func decoding(batch count: Int) throws -> Program<Float> {
    let graph = Graph()
    let latents = graph.input("latents", shape: [count, model.latentSize])
    return try graph.compile(["images": bound(graph).decode(latents, mode: .inference)])
  }

  /// What new latent points are drawn by, if the prior is learnt.
  func prior(batch count: Int) throws -> Program<Float>? {
    let graph = Graph()
    let outputs = bound(graph).priorOutputs(graph, batch: count)
    return outputs.isEmpty ? nil : try graph.compile(outputs)
  }

  /// The "mean" and "logVariance" of the posteriors of images, a point "latents" of each, and its
  /// "logWeight"; nil for a model that has none.
  func posteriors(batch count: Int) throws -> Program<Float>? {
    let graph = Graph()
    guard let model = bound(graph) as? any WeightedModel else { return nil }
    let weighted = model.weighted(batch(graph, count, .inference))
    return try graph.compile([
      "mean": weighted.posterior.mean, "logVariance": weighted.posterior.logVariance,
      "latents": weighted.latents, "logWeight": weighted.logWeight,
    ])
  }

  private func bound(_ graph: Graph) -> any Model {
    func bound(_ model: some Model) -> any Model {
      var bound = graph.bind(model, as: "vae")
      if let discriminator = model.discriminator {
        bound.discriminator = graph.bind(discriminator, as: "discriminator")
      }
      return bound
    }
    return bound(model)
  }

  private func batch(_ graph: Graph, _ count: Int, _ mode: Mode) -> ImageBatch {
    let shape = Shape([count] + samples.image.dimensions)
    let classes =
      model.usesClasses
      ? graph.input("labels", shape: [count], type: .index).oneHot(classes: samples.classes) : nil
    return ImageBatch(
      images: graph.input("images", shape: shape, type: .byte).real() / 255, classes: classes,
      mode: mode)
  }
}

/// How a term of an evaluation is read.
struct EvaluatedTerm {
  let name: String
  /// Whether it has a number for each image; otherwise it has one for the batch.
  let isOfImages: Bool
  let weight: Double
  /// Whether something else is made small.
  let isReplaced: Bool
}

/// All networks, for tables of their layers.
private struct Parts: Module {
  var model: any Model
  var discriminator: Discriminator?

  static var fields: [Field<Parts>] { [] }

  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    model.walkParameters(at: path, visit)
    guard var discriminator else { return }
    discriminator.walkParameters(at: "discriminator", visit)
    self.discriminator = discriminator
  }
}
