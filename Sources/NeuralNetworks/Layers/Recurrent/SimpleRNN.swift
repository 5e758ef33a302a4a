import TensorEngine

/// h = tanh(input · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh) (Elman, "Finding structure in
/// time", 1990).
public typealias SimpleRNN = Recurrent<SimpleRNNCell>

/// A step of `SimpleRNN`.
public enum SimpleRNNCell: RecurrentCell {
  /// The layer's name.
  public static let kind = "SimpleRNN"
  /// The sum that the tangent is taken of.
  public static let gateCount = 1
  /// What the layer gives.
  public static let stateCount = 1

  /// One step.
  public static func step(input: [Tensor], hidden: [Tensor], previous: [Tensor]) -> (
    states: [Tensor], kept: [Tensor]
  ) {
    let next = (input[0] + hidden[0]).tanh()
    return ([next], [next])
  }

  /// The step backwards.
  public static func reverse(kept: [Tensor], cotangents: [Tensor]) -> (
    input: [Tensor], hidden: [Tensor], previous: [Tensor]
  ) {
    let sum = kept[0].tanhCotangent(cotangents[0])
    return ([sum], [sum], [sum.graph.constant(0)])
  }
}
