import TensorEngine

/// A style is the mean and deviation of each of its features (Li, Wang, Liu and Hou, "Demystifying
/// neural style transfer", 2017): the distance of Wasserstein between features taken as normal and
/// independent.
///
/// Differs from the paper: a distance is relative to the style's own moments.
struct MomentStatistics: StyleStatistics {
  /// Added to variances, so that their roots have a slope.
  private static let epsilon = 1e-5

  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor {
    func average(_ x: Tensor) -> Tensor {
      guard let places else { return x.mean(axes: [2, 3], keepsAxes: true) }
      return (x * places.weights).sum(axes: [2, 3], keepsAxes: true)
    }
    let mean = average(features)
    let deviation = (average((features - mean).square()) + Self.epsilon).sqrt()
    return Tensor.concatenate([mean.flattened(), deviation.flattened()], axis: 1)
  }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    self.target(of: features, places).relativeDistance(to: target)
  }
}
