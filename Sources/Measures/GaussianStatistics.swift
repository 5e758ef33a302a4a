/// Mean and covariance of features: the Gaussian that a Frechet distance takes them for.
public struct GaussianStatistics: Sendable, Hashable {
  /// Longer rows would take more than 128 MiB for each matrix, and many minutes.
  public static let greatestDimension = 4096
  /// Rows that are multiplied at once, so that they stay in the cache.
  private static let rowsAtOnce = 1024

  /// How many features there are.
  public let dimension: Int
  /// The mean of each feature.
  public let mean: [Double]
  /// The unbiased covariance, as `numpy.cov` has it: row-major, `dimension` times `dimension`.
  public let covariance: [Double]

  /// The statistics of a table.
  ///
  /// - Throws: `.tooManyDimensions`.
  public init(_ table: FeatureTable) throws(MeasureError) {
    guard table.dimension <= Self.greatestDimension else {
      throw .tooManyDimensions(table.dimension, most: Self.greatestDimension)
    }
    self.init(accepted: table)
  }

  /// The statistics of a table whose dimension is not too great.
  init(accepted table: FeatureTable) {
    let dimension = table.dimension
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<table.count {
      for (column, value) in table[row].enumerated() { mean[column] += Double(value) }
    }
    for column in mean.indices { mean[column] /= Double(table.count) }

    var covariance = [Double](repeating: 0, count: dimension * dimension)
    for start in stride(from: 0, to: table.count, by: Self.rowsAtOnce) {
      let depth = min(Self.rowsAtOnce, table.count - start)
      let columns = PackedRows(count: dimension, depth: depth) { column, row in
        Double(table.values[(start + row) * dimension + column]) - mean[column]
      }
      let products = columns.products(with: columns, areSymmetric: true)
      for place in covariance.indices { covariance[place] += products[place] }
    }
    for place in covariance.indices { covariance[place] /= Double(table.count - 1) }
    self.dimension = dimension
    self.mean = mean
    self.covariance = covariance
  }
}
