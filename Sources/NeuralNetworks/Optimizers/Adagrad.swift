import TensorEngine

/// Adagrad (Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
/// optimization", 2011): what changed much is changed less.
public struct Adagrad: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// What the sum of squared gradients starts with, at least 0.
  public var initialSum: Double
  /// Added to the root of the sum.
  public var epsilon: Double

  /// The rule; the defaults are PyTorch's.
  public init(learningRate: Double = 1e-2, initialSum: Double = 0, epsilon: Double = 1e-10) {
    self.learningRate = learningRate
    self.initialSum = initialSum
    self.epsilon = epsilon
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    let sum = memory.moment("squareSum", of: parameter, initial: Float(initialSum)) {
      $0 + gradient.square()
    }
    return -learningRate * gradient / (sum.stopGradient().sqrt() + epsilon)
  }
}

/// Adadelta (Zeiler, "ADADELTA: an adaptive learning rate method", 2012): steps in the unit of the
/// parameters, as large as the latest ones.
public struct Adadelta: Optimizer, Hashable {
  /// What multiplies the step; the paper has none, which is 1.
  public var learningRate: Double
  /// The share of the running means that stays at each update, in 0 ..< 1.
  public var decay: Double
  /// Added to the running means under their roots.
  public var epsilon: Double

  /// The rule; the defaults are PyTorch's.
  public init(learningRate: Double = 1, decay: Double = 0.9, epsilon: Double = 1e-6) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    let square = memory.moment("squareMean", of: parameter) {
      decay * $0 + (1 - decay) * gradient.square()
    }
    var step = gradient
    _ = memory.moment("squareStep", of: parameter) { steps in
      step = (steps + epsilon).sqrt() / (square + epsilon).sqrt() * gradient
      return decay * steps + (1 - decay) * step.square()
    }
    return -learningRate * step
  }
}
