/// The orthogonal directions in which the rows of a table vary most (Pearson, "On lines and planes of
/// closest fit to systems of points in space", 1901; Hotelling 1933), from the eigenvectors of their
/// covariance.
public struct PrincipalComponents: Sendable, Hashable {
  /// The mean row.
  public let mean: [Double]
  /// The directions, [components, dimension], each of length 1; of its numbers the one of the greatest
  /// magnitude is positive.
  public let axes: [Double]
  /// The unbiased variance of the rows along each direction, descending.
  public let variances: [Double]
  /// The variance along all directions there are.
  public let totalVariance: Double

  /// The first `count` components of a table, or as many as it has columns.
  ///
  /// - Throws: `.tooManyDimensions`.
  public init(of table: FeatureTable, count: Int) throws(MeasureError) {
    precondition(count >= 1, "no components")
    let statistics = try GaussianStatistics(table)
    let dimension = statistics.dimension
    let eigen = SymmetricEigen(statistics.covariance, dimension: dimension)
    let places = (0..<dimension).reversed().prefix(count)
    mean = statistics.mean
    // Rounding may leave a variance of 0 below it.
    variances = places.map { max(0, eigen.values[$0]) }
    totalVariance = (0..<dimension).reduce(0) {
      $0 + statistics.covariance[$1 * dimension + $1]
    }
    axes = places.flatMap { place in
      let axis = eigen.vectors[place * dimension..<(place + 1) * dimension]
      let greatest = axis.max { $0.magnitude < $1.magnitude } ?? 0
      return axis.map { greatest < 0 ? -$0 : $0 }
    }
  }

  /// Where rows of as many columns are along the directions, [rows, components].
  ///
  /// - Throws: `.differentDimensions`.
  public func coordinates(of table: FeatureTable) throws(MeasureError) -> [Double] {
    guard table.dimension == mean.count else {
      throw .differentDimensions(table.dimension, mean.count)
    }
    return (0..<table.count).flatMap { coordinates(of: table[$0]) }
  }

  /// Where a row of as many numbers is along the directions.
  public func coordinates(of row: some Collection<Float>) -> [Double] {
    let centred = zip(row, mean).map { Double($0) - $1 }
    precondition(centred.count == mean.count, "a row of \(centred.count) numbers")
    return variances.indices.map { component in
      var sum = 0.0
      for (place, number) in centred.enumerated() {
        sum += number * axes[component * mean.count + place]
      }
      return sum
    }
  }

  /// The rows of a table in the plane of its first two components; of rows of one number the second
  /// coordinate is 0.
  ///
  /// - Throws: `.tooManyDimensions`.
  public static func plane(
    of table: FeatureTable
  ) throws(MeasureError) -> (points: [SIMD2<Double>], components: PrincipalComponents) {
    let components = try PrincipalComponents(of: table, count: 2)
    let coordinates = try components.coordinates(of: table)
    let width = components.variances.count
    let points = (0..<table.count).map { row in
      SIMD2(coordinates[row * width], width > 1 ? coordinates[row * width + 1] : 0)
    }
    return (points, components)
  }
}
