import TensorEngine

/// What one kind of recurrent layer does at one step, forwards and backwards. `Recurrent` makes a
/// layer of it: parameters, products, the walk over the steps.
///
/// A gate is a row block of the weights with a number for each unit. What goes into it is the sum of
/// an input part, input · weight_ihᵀ + bias_ih, and a hidden part, hidden · weight_hhᵀ + bias_hh.
public protocol RecurrentCell: Sendable {
  /// What the layer is called, such as "LSTM".
  static var kind: String { get }
  /// How many gates there are.
  static var gateCount: Int { get }
  /// How many tensors [N, hidden] go from step to step; the first is what the layer gives.
  static var stateCount: Int { get }
  /// The gates whose hidden part is not just added to the input part.
  static var separateGates: Set<Int> { get }

  /// One step.
  ///
  /// - Parameters:
  ///   - input: the input part of each gate, [N, hidden]; of all but the separate gates with the bias
  ///     of the hidden part.
  ///   - hidden: the hidden part of each gate, [N, hidden] or what stretches to it.
  ///   - previous: the states before, [N, hidden] or what stretches to it.
  /// - Returns: the states after, and what `reverse` needs.
  static func step(input: [Tensor], hidden: [Tensor], previous: [Tensor]) -> (
    states: [Tensor], kept: [Tensor]
  )

  /// The same step backwards.
  ///
  /// - Parameters:
  ///   - kept: what `step` kept.
  ///   - cotangents: of the states after.
  /// - Returns: the cotangents of both parts of each gate, and those of the states before, but for
  ///   what reaches these through the gates.
  static func reverse(kept: [Tensor], cotangents: [Tensor]) -> (
    input: [Tensor], hidden: [Tensor], previous: [Tensor]
  )
}

extension RecurrentCell {
  /// None: both parts are added.
  public static var separateGates: Set<Int> { [] }
}

extension Tensor {
  /// The cotangent of x where this is sigmoid(x).
  func sigmoidCotangent(_ cotangent: Tensor) -> Tensor { cotangent * self * (1 - self) }

  /// The cotangent of x where this is tanh(x).
  func tanhCotangent(_ cotangent: Tensor) -> Tensor { cotangent * (1 - square()) }
}
