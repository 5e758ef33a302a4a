import RealModule
import TensorEngine

/// Adam, with weights that fade by themselves instead of through their gradient (Loshchilov and
/// Hutter, "Decoupled weight decay regularization", 2019).
///
/// Differs from the paper: as in PyTorch, the learning rate multiplies the decay.
public struct AdamW: Optimizer, Hashable {
  /// The rule without decay.
  public var adam: Adam
  /// The share of a weight that fades at a learning rate of 1.
  public var weightDecay: Double

  /// The rule; the defaults are PyTorch's.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2
  ) {
    adam = Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.weightDecay = weightDecay
  }

  /// Step size, above 0.
  public var learningRate: Double { adam.learningRate }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    adam.change(of: parameter, gradient: gradient, memory: memory)
      - adam.learningRate * weightDecay * parameter.tensor
  }
}

/// Adam that looks ahead like Nesterov's momentum (Dozat, "Incorporating Nesterov momentum into
/// Adam", 2016), with PyTorch's momentum that grows from half of beta1.
public struct Nadam: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// The share of the running mean of gradients that stays in the end, in 0 ..< 1.
  public var beta1: Double
  /// The share of the running mean of squared gradients that stays, in 0 ..< 1.
  public var beta2: Double
  /// Added to the root of the squared mean.
  public var epsilon: Double
  /// How fast the momentum grows: it is beta1 · (1 - 0.96^(update · momentumDecay) / 2).
  public var momentumDecay: Double

  /// The rule; the defaults are PyTorch's.
  public init(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, momentumDecay: Double = 4e-3
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    let first = memory.moment("firstMoment", of: parameter) {
      beta1 * $0 + (1 - beta1) * gradient
    }
    let second = memory.moment("secondMoment", of: parameter) {
      beta2 * $0 + (1 - beta2) * gradient.square()
    }
    func momentum(_ update: Tensor) -> Tensor {
      beta1 * (1 - 0.5 * (update * (momentumDecay * Double.log(0.96))).exp())
    }
    let (now, next) = (momentum(memory.updateNumber), momentum(memory.updateNumber + 1))
    let product = memory.moment("momentumProduct", of: parameter, shape: [], initial: 1) {
      $0 * now
    }
    let correction = -(memory.updateNumber * Double.log(beta2)).expm1()
    let root = (second.stopGradient() / correction).sqrt() + epsilon
    let ahead = (1 - now) / (1 - product) * gradient + next / (1 - product * next) * first
    return -learningRate * ahead / root
  }
}

/// Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): every number goes the
/// same way up or down, by the sign of a mean of gradients. Its rates are three to ten times smaller
/// than Adam's.
public struct Lion: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// The share of the running mean in what gives the sign, in 0 ..< 1.
  public var beta1: Double
  /// The share of the running mean of gradients that stays, in 0 ..< 1.
  public var beta2: Double
  /// The share of a weight that fades at a learning rate of 1.
  public var weightDecay: Double

  /// The rule; the defaults are the paper's.
  public init(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    var direction = gradient
    _ = memory.moment("mean", of: parameter) { mean in
      direction = (beta1 * mean + (1 - beta1) * gradient).sign()
      return beta2 * mean + (1 - beta2) * gradient
    }
    let step = -learningRate * direction
    return weightDecay == 0 ? step : step - learningRate * weightDecay * parameter.tensor
  }
}
