import TensorEngine

extension Graph {
  /// Gradients scaled down together so that the root of the sum of all their squares is at most
  /// `greatestNorm`, above 0 (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
  /// neural networks", 2013).
  public func clipped(_ gradients: [Tensor], toGlobalNorm greatestNorm: Double) -> [Tensor] {
    guard let first = gradients.first else { return [] }
    let squares = gradients.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
    // A norm of 0 divides nothing: the quotient is then infinite, and the smaller number is 1.
    let scale = (greatestNorm / squares.sqrt()).minimum(1)
    return gradients.map { $0 * scale }
  }
}
