import TensorEngine

/// A penalty on large weights, to be added to the loss of training, and to no other.
public enum Regularizer: Sendable, Hashable {
  /// factor · Σ |w|, which makes weights 0.
  case l1(Double)
  /// factor · Σ w², which makes them small.
  case l2(Double)
  /// Both, each with its factor.
  case l1l2(l1: Double, l2: Double)

  /// The penalty of a tensor, a scalar.
  public func penalty(of weight: Tensor) -> Tensor {
    switch self {
    case .l1(let factor): factor * weight.abs().sum()
    case .l2(let factor): factor * weight.square().sum()
    case .l1l2(let l1, let l2): l1 * weight.abs().sum() + l2 * weight.square().sum()
    }
  }
}

extension Graph {
  /// The sum of the penalties of some parameters, from `Module.tensors(in:)`; usually of those whose
  /// name ends with "weight".
  public func penalty(
    _ regularizer: Regularizer, on parameters: [(name: String, tensor: Tensor)]
  ) -> Tensor {
    parameters.reduce(constant(0)) { $0 + regularizer.penalty(of: $1.tensor) }
  }
}
