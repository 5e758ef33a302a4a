import Randomness

/// The squared Frechet distance of two Gaussians, |m1 - m2|² + tr(S1 + S2 - 2 (S1 S2)^(1/2)); of
/// Inception features it is the FID (Heusel et al., "GANs trained by a two time-scale update rule
/// converge to a local Nash equilibrium", 2017). 0 is best; with few rows it is too great.
///
/// Differs from the paper's code: the trace of the root is the sum of the roots of the eigenvalues
/// of S1^(1/2) S2 S1^(1/2), which is symmetric, so nothing is added to singular covariances.
public enum FrechetDistance {
  /// The distance of two Gaussians.
  ///
  /// - Throws: `.differentDimensions`.
  public static func between(
    _ first: GaussianStatistics, _ second: GaussianStatistics
  ) throws(MeasureError) -> Double {
    guard first.dimension == second.dimension else {
      throw .differentDimensions(first.dimension, second.dimension)
    }
    return distance(first, second)
  }

  /// The distance of the Gaussians of two tables.
  ///
  /// - Throws: `.differentDimensions` or `.tooManyDimensions`.
  public static func between(
    _ first: FeatureTable, _ second: FeatureTable
  ) throws(MeasureError) -> Double {
    try first.requireSameDimension(as: second)
    return try between(GaussianStatistics(first), GaussianStatistics(second))
  }

  /// In what 95 % of the distances would lie if other rows had been drawn: the percentiles of the
  /// distances of tables whose rows are drawn anew, with replacement (the bootstrap, Efron 1979).
  ///
  /// Differs from the plain percentile interval: to draw rows anew is as having fewer of them, and
  /// with fewer rows distances are greater; the plain interval may not even hold the distance. This
  /// one is shifted by as much as the mean of the new distances is greater.
  ///
  /// - Parameter resamples: how often, at least once; each time costs as much as one distance.
  /// - Throws: `.differentDimensions` or `.tooManyDimensions`.
  public static func interval(
    _ first: FeatureTable, _ second: FeatureTable, resamples: Int, seed: UInt64
  ) throws(MeasureError) -> ClosedRange<Double> {
    precondition(resamples > 0, "no resamples, no interval")
    try first.requireSameDimension(as: second)
    guard first.dimension <= GaussianStatistics.greatestDimension else {
      throw .tooManyDimensions(first.dimension, most: GaussianStatistics.greatestDimension)
    }
    let value = distance(
      GaussianStatistics(accepted: first), GaussianStatistics(accepted: second))
    let distances = concurrentMap(resamples) { resample in
      var stream = RandomStream(
        seed: seed, name: "frechet distance resamples", index: UInt64(resample))
      func resampled(_ table: FeatureTable) -> GaussianStatistics {
        let rows = (0..<table.count).map { _ in stream.integer(below: table.count) }
        return GaussianStatistics(accepted: table.selecting(rows))
      }
      return distance(resampled(first), resampled(second))
    }.sorted()
    let shift = distances.reduce(0, +) / Double(resamples) - value
    let low = max(0, percentile(0.025, of: distances) - shift)
    return low...max(low, percentile(0.975, of: distances) - shift)
  }

  private static func distance(_ first: GaussianStatistics, _ second: GaussianStatistics) -> Double
  {
    let dimension = first.dimension
    var sum = 0.0
    for place in 0..<dimension {
      let difference = first.mean[place] - second.mean[place]
      let variance = place * dimension + place
      sum += difference * difference + first.covariance[variance] + second.covariance[variance]
    }
    return max(0, sum - 2 * traceOfRoot(first.covariance, second.covariance, dimension))
  }

  /// The trace of (S1 S2)^(1/2). With the eigenvectors of S1 as columns of V and its eigenvalues L,
  /// the eigenvalues of S1 S2 are those of L^(1/2) Vᵀ S2 V L^(1/2).
  private static func traceOfRoot(
    _ first: [Double], _ second: [Double], _ dimension: Int
  ) -> Double {
    let eigen = SymmetricEigen(first, dimension: dimension)
    // What is no more than rounding, by the bound of numpy.linalg.matrix_rank, is 0.
    let rounding = Double(dimension) * .ulpOfOne * (eigen.values.last ?? 0)
    let kept = eigen.values.indices.filter { eigen.values[$0] > rounding }
    let root = PackedRows(count: kept.count, depth: dimension) { row, column in
      eigen.values[kept[row]].squareRoot() * eigen.vectors[kept[row] * dimension + column]
    }
    let covariance = PackedRows(count: dimension, depth: dimension) { row, column in
      second[row * dimension + column]
    }
    let half = root.products(with: covariance)
    let packedHalf = PackedRows(count: kept.count, depth: dimension) { row, column in
      half[row * dimension + column]
    }
    let inner = packedHalf.products(with: root, areSymmetric: true)
    return SymmetricEigen.values(of: inner, dimension: kept.count)
      .reduce(0) { $0 + max($1, 0).squareRoot() }
  }

  /// The point below which a share of sorted numbers lies, linear between them.
  private static func percentile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
