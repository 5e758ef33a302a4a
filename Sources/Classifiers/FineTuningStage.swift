import Experiments
import NeuralNetworks
import TensorEngine

/// What is trained, one after another, when a network that knows some classes is to tell others
/// (Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?",
/// 2014).
enum FineTuningStage: CaseIterable {
  /// The whole base with a head of its own, on the classes that it begins with.
  case base
  /// The new head alone: the base is frozen, its running statistics too.
  case head
  /// The head, and the base's features by smaller steps. The convolutions stay frozen.
  case top

  /// The name of its program.
  var program: String {
    switch self {
    case .base: "base step"
    case .head: "head step"
    case .top: "top step"
    }
  }

  /// The stage of a step, which counts from 0.
  init(ofStep number: Int, baseSteps: Int, headSteps: Int) {
    self = number < baseSteps ? .base : number - baseSteps < headSteps ? .head : .top
  }
}

/// The networks of fine-tuning, and the programs that train them.
struct FineTuningNetworks {
  /// The parts whose updates are told.
  static let parts = ["base.body", "base.features", "base.head", "head"]

  /// The base: body, features and the head for the classes it begins with. Bound as "base".
  let base: ClassifierNetwork
  /// The new head, for all classes. Bound as "head".
  let head: [AnyLayer]
  let configuration: FineTuningConfiguration
  let input: ClassifierInput

  /// One update of a stage by bytes "images" with their "labels"; gives "loss" and "accuracy".
  ///
  /// - Parameter trainsAll: leaves nothing frozen, to tell what freezing saves.
  func step(
    _ stage: FineTuningStage, trainsAll: Bool = false
  ) throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let images = input.images(graph, configuration.batchSize)
    let base = graph.bind(self.base, as: "base")
    let head = graph.bind(self.head, as: "head")
    let logits: Tensor
    var trained: [(name: String, tensor: Tensor)] = []
    if stage == .base {
      logits = base(images, mode: .training).logits
      trained = base.tensors(in: graph)
    } else {
      let features = base.representation(of: images, mode: .inference)
      logits = graph.scoped("head") { head(features, mode: .training) }
      if stage == .top { trained += base.features.tensors(in: graph) }
      if trainsAll {
        trained = base.body.tensors(in: graph) + base.features.tensors(in: graph)
      }
      trained += head.tensors(in: graph)
    }
    let labels = graph.input("labels", shape: [configuration.batchSize], type: .index)
    let classes = labels.oneHot(classes: logits.shape[1])
    let loss = -(classes * logits.logSoftmax(axis: 1)).sum(axes: [1]).mean()
    graph.minimize(
      loss, over: trained, with: configuration.optimizer, name: "\(stage)Optimizer",
      rates: ["base.features": stage == .base ? 1 : configuration.topRate])
    let right = (classes * logits).sum(axes: [1]).isEqual(to: logits.max(axes: [1]))
    let program = try graph.compile(["loss": loss, "accuracy": right.mean()])
    var whole = self.base
    if stage != .base { whole.head = self.head }
    return (program, ExperimentDescription.layers(of: graph, whole))
  }

  /// The "features" and the "probabilities" of all classes of bytes "images".
  func seeing() throws -> Program<Float> {
    let graph = Graph()
    let images = input.images(graph, ClassifierSight.batch)
    let features = graph.bind(base, as: "base").representation(of: images, mode: .inference)
    let logits = graph.bind(head, as: "head")(features, mode: .inference)
    return try graph.compile(["features": features, "probabilities": logits.softmax()])
  }
}
