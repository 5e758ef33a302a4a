import TensorEngine

/// A style is the mean of each of its features, and how they vary together: their covariance. Like a Gram
/// matrix, from which means are taken away (Novak and Nikulin, "Improving the neural algorithm of
/// artistic style", 2016): where features are seldom 0, as in networks that were not trained to
/// classify, the means are nearly all of a Gram matrix, and hide the rest.
///
/// Differs from the paper: the features' own means are taken away, and compared by themselves; both
/// distances are relative to the style, and count the same.
struct CovarianceStatistics: StyleStatistics {
  /// Added to the variance of a style, over its squared means: plain pictures hardly vary.
  private static let leastVariance = 1e-3

  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor {
    features.covarianceAndMeans(shares: places?.weights)
  }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    let channels = target.shape[1]
    func parts(_ statistics: Tensor) -> (covariance: Tensor, mean: Tensor) {
      (
        statistics.sliced(axis: 2, 0..<channels),
        statistics.sliced(axis: 2, channels..<channels + 1)
      )
    }
    let (own, style) = (parts(self.target(of: features, places)), parts(target))
    let diagonal = (0..<channels * channels).map { $0 % (channels + 1) == 0 ? 1.0 : 0 }
    let variances =
      style.covariance * target.graph.constant(diagonal, shape: [1, channels, channels])
    let spread = variances.sum().stopGradient() + Self.leastVariance * style.mean.squaredSize
    let means = (own.mean - style.mean).square().sum() / spread
    return (own.covariance.relativeDistance(to: style.covariance) + means) / 2
  }
}

extension Tensor {
  /// How the channels of features [N, C, H, W] vary together and, as the last column, their means:
  /// [N, C, C + 1].
  ///
  /// - Parameter shares: how much each place counts, [1, 1, H, W], together 1; nil for all alike.
  public func covarianceAndMeans(shares: Tensor? = nil) -> Tensor {
    let flat = flattened(from: 2)
    let shares = shares?.flattened(from: 2) ?? graph.constant(1 / Double(flat.shape[2]))
    let means = (flat * shares).sum(axes: [2], keepsAxes: true)
    let deviations = flat - means
    let covariance = (deviations * shares).matmul(deviations.transposed())
    return Tensor.concatenate([covariance, means], axis: 2)
  }
}
