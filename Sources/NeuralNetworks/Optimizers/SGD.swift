import TensorEngine

/// Stochastic gradient descent with momentum: v = momentum · v + g; p = p - learningRate · v.
///
/// Differs from the paper: as in PyTorch, the learning rate multiplies the velocity, not the
/// gradient that enters it (Sutskever et al. 2013 do the latter).
public struct SGD: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// The share of the velocity that stays, in 0 ..< 1.
  public var momentum: Double
  /// Whether the gradient is looked at ahead of the velocity (Nesterov 1983).
  public var isNesterov: Bool

  /// The rule.
  public init(learningRate: Double = 1e-2, momentum: Double = 0, isNesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    if momentum == 0 { return -learningRate * gradient }
    let velocity = memory.moment("velocity", of: parameter) { momentum * $0 + gradient }
    return -learningRate * (isNesterov ? gradient + momentum * velocity : velocity)
  }
}
