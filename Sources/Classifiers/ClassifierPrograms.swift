import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of a classifier.
enum ClassifierPrograms {
  /// What the states of the weights' moving average begin with: the network in use.
  static let averageName = "average"

  /// One update by bytes "images" with their "labels"; gives "loss" and "accuracy".
  static func trainingStep(
    _ configuration: ClassifierConfiguration, _ network: ClassifierNetwork, _ input: ClassifierInput
  ) throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let batch = configuration.batchSize
    let bound = graph.bind(network, as: "classifier")
    var images = input.images(graph, batch)
    if configuration.mirrors {
      let mirrored = graph.randomBernoulli([batch, 1, 1, 1], probability: 0.5, stream: "mirrored")
      images = mirrored * images.flipped(axes: [3]) + (1 - mirrored) * images
    }
    let logits = bound(images, mode: .training).logits
    let labels = graph.input("labels", shape: [batch], type: .index)
    let classes = labels.oneHot(classes: logits.shape[1])
    let loss = configuration.judgement.losses(of: logits, targets: classes).mean()
    let isDue = graph.minimize(
      loss, over: bound.tensors(in: graph), with: configuration.optimizer)
    graph.updating(where: isDue) {
      graph.average(
        bound, into: graph.bind(network, as: averageName), decay: configuration.averageDecay)
    }
    let right = (classes * logits).sum(axes: [1]).isEqual(to: logits.max(axes: [1]))
    let program = try graph.compile(["loss": loss, "accuracy": right.mean()])
    return (program, ExperimentDescription.layers(of: graph, network))
  }

  /// The "features" and the "probabilities" of the classes of bytes "images".
  static func seeing(
    _ network: ClassifierNetwork, _ input: ClassifierInput
  ) throws -> Program<Float> {
    let graph = Graph()
    let images = input.images(graph, ClassifierSight.batch)
    let seen = graph.bind(network, as: averageName)(images, mode: .inference)
    return try graph.compile([
      "features": seen.features, "probabilities": seen.logits.softmax(),
    ])
  }
}
