import TensorEngine

/// What is kept of a style's features, and how far a picture's features are from it.
protocol StyleStatistics: Sendable {
  /// What is kept of the features [1, C, H, W] of a style.
  ///
  /// - Parameter places: how much each place counts; nil for all alike.
  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor

  /// How far features are from a target: a number, 0 for the style itself and about 1 for nothing.
  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor
}

/// How much each place of features counts.
struct PlaceWeights {
  /// [1, 1, H, W]; they add up to 1.
  let weights: Tensor
}

/// The kinds of statistics.
public enum StyleStatisticsKind: String, CaseIterable, Sendable {
  /// Which features occur together.
  case gram
  /// The mean of each feature and how they vary together.
  case covariance
  /// The mean and deviation of each feature.
  case moments
  /// The distribution of features, seen from many directions.
  case slicedWasserstein
  /// Every patch like one of the style's.
  case patches

  /// What computes them.
  var statistics: any StyleStatistics {
    switch self {
    case .gram: GramStatistics()
    case .covariance: CovarianceStatistics()
    case .moments: MomentStatistics()
    case .slicedWasserstein: SlicedWassersteinStatistics()
    case .patches: PatchStatistics()
    }
  }

  /// Whether places can count differently.
  var allowsRegions: Bool { [.gram, .covariance, .moments].contains(self) }
}
