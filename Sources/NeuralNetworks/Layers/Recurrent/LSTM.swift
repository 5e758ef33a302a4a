import TensorEngine

/// Long short-term memory: what a unit gives, h, is a gated look at a cell c that the other gates
/// write and clear (Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate
/// of Gers, Schmidhuber and Cummins, 2000). The states are h and c.
///
/// Differs from the paper: gradients are whole, not cut at the gates; the gates do not see the cell.
/// The order of the gates is PyTorch's: input, forget, cell, output.
public typealias LSTM = Recurrent<LSTMCell>

/// A step of `LSTM`.
public enum LSTMCell: RecurrentCell {
  /// The layer's name.
  public static let kind = "LSTM"
  /// Input, forget, cell and output gate.
  public static let gateCount = 4
  /// What the layer gives, and the cell.
  public static let stateCount = 2

  /// One step.
  public static func step(input: [Tensor], hidden: [Tensor], previous: [Tensor]) -> (
    states: [Tensor], kept: [Tensor]
  ) {
    let sums = zip(input, hidden).map { $0 + $1 }
    let (write, forget) = (sums[0].sigmoid(), sums[1].sigmoid())
    let (fresh, output) = (sums[2].tanh(), sums[3].sigmoid())
    let cell = forget * previous[1] + write * fresh
    let shown = cell.tanh()
    return ([output * shown, cell], [write, forget, fresh, output, shown, previous[1]])
  }

  /// The step backwards.
  public static func reverse(kept: [Tensor], cotangents: [Tensor]) -> (
    input: [Tensor], hidden: [Tensor], previous: [Tensor]
  ) {
    let (write, forget, fresh) = (kept[0], kept[1], kept[2])
    let (output, shown, previous) = (kept[3], kept[4], kept[5])
    let ofCell = cotangents[1] + shown.tanhCotangent(cotangents[0] * output)
    let sums = [
      write.sigmoidCotangent(ofCell * fresh), forget.sigmoidCotangent(ofCell * previous),
      fresh.tanhCotangent(ofCell * write), output.sigmoidCotangent(cotangents[0] * shown),
    ]
    return (sums, sums, [ofCell.graph.constant(0), ofCell * forget])
  }
}
