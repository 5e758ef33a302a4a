import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of a language model: a step of training, and reading on from a given memory.
struct TextPrograms {
  let configuration: TextConfiguration
  let network: TextNetwork

  /// The name of a state of a layer, as input, output and state of the workspace.
  static func name(layer: Int, state: Int) -> String {
    "memory.\(layer).\(state == 0 ? "hidden" : "cell")"
  }

  private func memory(
    _ tensor: (String, Shape) -> Tensor, batch: Int
  ) -> [[Tensor]] {
    network.lstm.enumerated().map { layer, lstm in
      (0..<LSTMCell.stateCount).map {
        tensor(Self.name(layer: layer, state: $0), [batch, lstm.hiddenSize])
      }
    }
  }

  private static func right(_ logits: Tensor, _ classes: Tensor) -> Tensor {
    (classes * logits).sum(axes: [-1]).isEqual(to: logits.max(axes: [-1]))
  }

  private static func crossEntropy(_ logits: Tensor, _ classes: Tensor) -> Tensor {
    -(classes * logits.logSoftmax()).sum(axes: [-1])
  }

  /// One update by "inputs" and "targets", [length, batchSize] positions; "goesOn" is 0 where the
  /// windows begin anew. Gives "loss" and "accuracy". What the layers remember is a state.
  func trainingStep() throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let bound = graph.bind(network, as: "text")
    let shape: Shape = [configuration.length, configuration.batchSize]
    let inputs = graph.input("inputs", shape: shape, type: .index)
    let goesOn = graph.input("goesOn", shape: [])
    let kept = memory(
      { graph.state($0, initial: TensorValue(repeating: 0, shape: $1)) },
      batch: configuration.batchSize)
    let (logits, after) = bound(
      inputs, memory: kept.map { $0.map { $0 * goesOn } }, mode: .training)
    let classes = graph.input("targets", shape: shape, type: .index)
      .oneHot(classes: network.output.weight.shape[0])
    let loss = Self.crossEntropy(logits, classes).mean()
    let parameters = bound.tensors(in: graph)
    var gradients = graph.gradients(of: loss, withRespectTo: parameters.map(\.tensor))
    if configuration.gradientNorm > 0 {
      gradients = graph.clipped(gradients, toGlobalNorm: configuration.gradientNorm)
    }
    let isDue = graph.update(parameters, by: configuration.optimizer, gradients: gradients)
    graph.updating(where: isDue) {
      graph.average(
        bound, into: graph.bind(network, as: "average"), decay: configuration.averageDecay)
    }
    for (state, value) in zip(kept.joined(), after.joined()) { graph.update(state, to: value) }
    let program = try graph.compile([
      "loss": loss, "accuracy": Self.right(logits, classes).mean(),
    ])
    return (program, ExperimentDescription.layers(of: graph, network))
  }

  /// What the averaged network makes of "inputs", [length, 1] positions, and of its memory, which it
  /// is given and gives: "logits" [length, 1, vocabulary]; with "targets" of the same shape also
  /// "nats" and "right", a number for each.
  func reading(length: Int, judges: Bool) throws -> Program<Float> {
    let graph = Graph()
    let inputs = graph.input("inputs", shape: [length, 1], type: .index)
    let given = memory({ graph.input($0, shape: $1) }, batch: 1)
    let (logits, after) = graph.bind(network, as: "average")(
      inputs, memory: given, mode: .inference)
    var outputs = ["logits": logits]
    if judges {
      let classes = graph.input("targets", shape: [length, 1], type: .index)
        .oneHot(classes: network.output.weight.shape[0])
      outputs = [
        "nats": Self.crossEntropy(logits, classes), "right": Self.right(logits, classes),
      ]
    }
    for (layer, states) in after.enumerated() {
      for (index, state) in states.enumerated() {
        outputs[Self.name(layer: layer, state: index)] = state
      }
    }
    return try graph.compile(outputs)
  }
}
