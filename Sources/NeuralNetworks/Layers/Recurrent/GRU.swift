import TensorEngine

/// Gated recurrent units: h moves towards a fresh value by as much as the update gate lets it (Cho et
/// al., "Learning phrase representations using RNN encoder-decoder", 2014).
///
/// Differs from the paper: the reset gate acts on the product of h and its weight instead of on h, so
/// that one product serves all gates, as in PyTorch and Keras. The order of the gates is PyTorch's:
/// reset, update, new.
public typealias GRU = Recurrent<GRUCell>

/// A step of `GRU`.
public enum GRUCell: RecurrentCell {
  /// The layer's name.
  public static let kind = "GRU"
  /// Reset, update and new gate.
  public static let gateCount = 3
  /// What the layer gives.
  public static let stateCount = 1
  /// The reset gate multiplies the hidden part of the new gate, bias and all.
  public static let separateGates: Set<Int> = [2]

  /// One step.
  public static func step(input: [Tensor], hidden: [Tensor], previous: [Tensor]) -> (
    states: [Tensor], kept: [Tensor]
  ) {
    let reset = (input[0] + hidden[0]).sigmoid()
    let update = (input[1] + hidden[1]).sigmoid()
    let fresh = (input[2] + reset * hidden[2]).tanh()
    let next = fresh + update * (previous[0] - fresh)
    return ([next], [reset, update, fresh, hidden[2], previous[0]])
  }

  /// The step backwards.
  public static func reverse(kept: [Tensor], cotangents: [Tensor]) -> (
    input: [Tensor], hidden: [Tensor], previous: [Tensor]
  ) {
    let (reset, update, fresh, hidden, previous) = (kept[0], kept[1], kept[2], kept[3], kept[4])
    let cotangent = cotangents[0]
    let ofFresh = fresh.tanhCotangent(cotangent * (1 - update))
    let ofReset = reset.sigmoidCotangent(ofFresh * hidden)
    let ofUpdate = update.sigmoidCotangent(cotangent * (previous - fresh))
    return (
      [ofReset, ofUpdate, ofFresh], [ofReset, ofUpdate, ofFresh * reset], [cotangent * update]
    )
  }
}
