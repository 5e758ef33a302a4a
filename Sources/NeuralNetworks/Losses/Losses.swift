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

  /// |prediction - target|
  public static func absoluteError(prediction: Tensor, target: Tensor) -> Tensor {
    (prediction - target).abs()
  }

  /// Half the square of errors up to `delta`, and delta · (|error| - delta / 2) beyond (Huber, "Robust
  /// estimation of a location parameter", 1964).
  public static func huber(prediction: Tensor, target: Tensor, delta: Double = 1) -> Tensor {
    let error = (prediction - target).abs()
    let clipped = error.minimum(delta)
    return clipped * (error - 0.5 * clipped)
  }

  /// max(0, 1 - target · prediction), for targets of -1 and 1 (Cortes and Vapnik, "Support-vector
  /// networks", 1995).
  public static func hinge(prediction: Tensor, target: Tensor) -> Tensor {
    (1 - target * prediction).relu()
  }

  /// target · (log target - logPrediction), in nats, 0 where the target is 0: summed over the classes
  /// it is the Kullback-Leibler divergence from the prediction to the target.
  public static func klDivergence(logPrediction: Tensor, target: Tensor) -> Tensor {
    let isPresent = target.isGreater(than: 0)
    return target * (isPresent.select(target, 1).log() - logPrediction)
  }

  /// 1 - the cosine of the angle between vectors along an axis, which is summed away.
  ///
  /// - Parameter epsilon: the least product of their lengths that is divided by; PyTorch's.
  public static func cosineDistance(
    prediction: Tensor, target: Tensor, axis: Int = -1, epsilon: Double = 1e-8
  ) -> Tensor {
    let product = (prediction * target).sum(axes: [axis])
    let squares = prediction.square().sum(axes: [axis]) * target.square().sum(axes: [axis])
    return 1 - product / squares.maximum(epsilon * epsilon).sqrt()
  }
}
