/// The directions in which rows differ most, and how much: the eigenvectors of their covariance
/// (Pearson, "On lines and planes of closest fit", 1901). Which way a direction points is left to
/// the decomposition; no use of them may depend on it.
public struct PrincipalComponents: Sendable {
  /// The mean row.
  public let mean: [Double]
  /// The directions, of length 1 and at right angles: row-major, the widest first.
  public let axes: [Double]
  /// The variance along each direction.
  public let variances: [Double]

  /// The first components of a table: `count`, or as many as it has features.
  ///
  /// - Throws: `.tooManyDimensions`.
  public init(of table: FeatureTable, count: Int) throws(MeasureError) {
    precondition(count >= 1, "no components")
    let statistics = try GaussianStatistics(table)
    let dimension = statistics.dimension
    let eigen = SymmetricEigen(statistics.covariance, dimension: dimension)
    let places = Array((0..<dimension).suffix(count).reversed())
    mean = statistics.mean
    variances = places.map { max(0, eigen.values[$0]) }
    axes = places.flatMap { eigen.vectors[$0 * dimension..<($0 + 1) * dimension] }
  }

  /// How far a row lies from the mean along each direction.
  public func coordinates(of row: some Collection<Float>) -> [Double] {
    let offsets = zip(row, mean).map { Double($0) - $1 }
    precondition(offsets.count == mean.count, "a row of \(offsets.count) numbers")
    return variances.indices.map { component in
      var sum = 0.0
      let start = component * offsets.count
      for place in offsets.indices { sum += axes[start + place] * offsets[place] }
      return sum
    }
  }
}
