import TensorEngine

/// RMSprop (Tieleman and Hinton, "Lecture 6.5: divide the gradient by a running average of its recent
/// magnitude", 2012), centred if asked for (Graves, "Generating sequences with recurrent neural
/// networks", 2013).
///
/// Differs from the paper: as in PyTorch, epsilon is added to the root, and the learning rate
/// multiplies the velocity.
public struct RMSprop: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// The share of the running mean of squared gradients that stays at each update, in 0 ..< 1.
  public var decay: Double
  /// Added to the root of the squared mean.
  public var epsilon: Double
  /// The share of the velocity that stays, in 0 ..< 1.
  public var momentum: Double
  /// Whether the gradient is measured by its variance instead of its square.
  public var isCentred: Bool

  /// The rule; the defaults are PyTorch's.
  public init(
    learningRate: Double = 1e-2, decay: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, isCentred: Bool = false
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentred = isCentred
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    var square = memory.moment("squareMean", of: parameter) {
      decay * $0 + (1 - decay) * gradient.square()
    }
    if isCentred {
      let mean = memory.moment("mean", of: parameter) { decay * $0 + (1 - decay) * gradient }
      // Rounding may leave less than nothing of a variance.
      square = (square - mean.square()).maximum(0)
    }
    let scaled = gradient / (square.stopGradient().sqrt() + epsilon)
    if momentum == 0 { return -learningRate * scaled }
    return -learningRate * memory.moment("velocity", of: parameter) { momentum * $0 + scaled }
  }
}
