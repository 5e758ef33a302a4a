import TensorEngine

/// A style is the mean and deviation of each of its features (Li, Wang, Liu and Hou, "Demystifying
/// neural style transfer", 2017): the distance of Wasserstein between features taken as normal and
/// independent.
///
/// Differs from the paper: a distance is relative to the style's own moments.
struct MomentStatistics: StyleStatistics {
  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor {
    let channels = ChannelStatistics(of: features, places)
    return Tensor.concatenate(
      [channels.mean.flattened(), channels.deviation.flattened()], axis: 1)
  }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    self.target(of: features, places).relativeDistance(to: target)
  }
}
