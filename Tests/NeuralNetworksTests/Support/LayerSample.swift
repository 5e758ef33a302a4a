import NeuralNetworks
import TensorEngine

/// A layer to be checked, its type forgotten: the row that every layer of the room has.
struct LayerSample: Sendable, CustomStringConvertible {
  /// The name of what PyTorch computed.
  let description: String
  /// The layer's type, such as "Conv2D".
  let type: String
  /// What the layer does wrong.
  let faults: @Sendable (LayerFixture) throws -> [String]

  /// A layer.
  ///
  /// - Parameters:
  ///   - name: of the sample; begins with the layer's type.
  ///   - shape: that its documentation promises.
  ///   - changesInTraining: whether its result is another one in training.
  init<Checked: Layer>(
    _ name: String, _ layer: Checked, gives shape: Shape, changesInTraining: Bool = false
  ) {
    self.init(name, layer, gives: shape, changesInTraining: changesInTraining) {
      $0($1[0], mode: $2)
    }
  }

  /// A module that is called in a way of its own.
  init<Checked: Module>(
    _ name: String, _ module: Checked, gives shape: Shape, changesInTraining: Bool = false,
    by apply: @escaping Application<Checked>
  ) {
    description = name
    type = String("\(Checked.self)".prefix { $0 != "<" })
    faults = {
      try layerFaults(module, $0, shape: shape, changesInTraining: changesInTraining, apply)
    }
  }
}
