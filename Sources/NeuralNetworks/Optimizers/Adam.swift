import RealModule
import TensorEngine

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).
///
/// Differs from the paper: the bias corrections 1 - βᵗ are computed as -expm1(t · log β), which
/// keeps their digits in single precision. Where gradients flow through an update, the root of the
/// squared mean is a constant: its slope at 0 is not finite.
public struct Adam: Optimizer, Hashable {
  /// Step size, above 0.
  public var learningRate: Double
  /// The share of the running mean of gradients that stays at each update, in 0 ..< 1.
  public var beta1: Double
  /// The share of the running mean of squared gradients that stays, in 0 ..< 1.
  public var beta2: Double
  /// Added to the root of the squared mean.
  public var epsilon: Double
  /// Updates over which the step size falls evenly to 0; 0 leaves it as it is.
  public var decayUpdates: Int

  /// The rule; the defaults are the paper's.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, decayUpdates: Int = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decayUpdates = decayUpdates
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
    let correction1 = -(memory.updateNumber * Double.log(beta1)).expm1()
    let correction2 = -(memory.updateNumber * Double.log(beta2)).expm1()
    // Both corrections at once, as numbers: no pass over the parameters.
    var size = -learningRate * correction2.sqrt() / correction1
    if decayUpdates > 0 {
      size = size * (1 - (memory.updateNumber - 1) / Double(decayUpdates)).maximum(0)
    }
    return size * first / (second.stopGradient().sqrt() + epsilon * correction2.sqrt())
  }
}
