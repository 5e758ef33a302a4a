import TensorEngine

/// Losses element by element: sum or average them over the axes you mean.
public enum Losses {
  /// The cross-entropy, in nats, of targets in 0 ... 1 under sigmoid(logits), computed from the
  /// logits without overflow: softplus(logits) - targets · logits.
  public static func sigmoidCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    logits.softplus() - targets * logits
  }

  /// The Kullback-Leibler divergence, in nats, from a normal distribution of the given mean and log
  /// variance to the standard normal one (Kingma and Welling 2014, appendix B).
  public static func gaussianKL(mean: Tensor, logVariance: Tensor) -> Tensor {
    0.5 * (mean.square() + logVariance.expm1() - logVariance)
  }

  /// (prediction - target)²
  public static func squaredError(prediction: Tensor, target: Tensor) -> Tensor {
    (prediction - target).square()
  }

  /// Half the square of errors up to 1, and |error| - 1/2 beyond (Huber, "Robust estimation of a
  /// location parameter", 1964).
  public static func huber(prediction: Tensor, target: Tensor) -> Tensor {
    let error = (prediction - target).abs()
    let clipped = error.minimum(1)
    return clipped * (error - 0.5 * clipped)
  }
}
