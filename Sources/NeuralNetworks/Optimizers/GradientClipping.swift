import TensorEngine

/// How gradients are kept from being too large.
public enum GradientClipping: Sendable, Hashable {
  /// Each number kept between a bound, above 0, and its negative.
  case value(Double)
  /// Each gradient scaled down so that the root of the sum of its squares is at most this.
  case norm(Double)
  /// All gradients scaled down together so that the root of the sum of all squares is at most this.
  case globalNorm(Double)
}

extension Graph {
  /// Gradients that are not too large.
  public func clipped(_ gradients: [Tensor], by clipping: GradientClipping) -> [Tensor] {
    switch clipping {
    case .value(let bound): gradients.map { $0.clamped(low: -bound, high: bound) }
    case .norm(let greatest): gradients.flatMap { clipped([$0], toGlobalNorm: greatest) }
    case .globalNorm(let greatest): clipped(gradients, toGlobalNorm: greatest)
    }
  }

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
