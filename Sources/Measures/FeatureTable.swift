/// Features of samples: a row for each sample, a column for each feature.
public struct FeatureTable: Sendable, Hashable {
  /// Numbers are at most so far from zero, so that no measure of them overflows: the variance of
  /// kernel values has their twelfth power.
  public static let greatestMagnitude: Float = 1e15

  /// How many samples there are; at least 2.
  public let count: Int
  /// How many features each has; at least 1.
  public let dimension: Int
  /// The numbers, row after row: `count * dimension`, all finite.
  public let values: [Float]

  /// A table of `count` rows of `dimension` numbers.
  ///
  /// - Throws: `.size`, `.tooFewRows` or `.unusableNumber`.
  public init(_ values: [Float], count: Int, dimension: Int) throws(MeasureError) {
    let (product, overflows) = count.multipliedReportingOverflow(by: dimension)
    guard !overflows, count >= 0, dimension > 0, product == values.count else {
      throw .size(rows: count, columns: dimension, numbers: values.count)
    }
    guard count >= 2 else { throw .tooFewRows(count) }
    let place = values.firstIndex { !($0.magnitude <= Self.greatestMagnitude) }
    if let place {
      throw .unusableNumber(row: place / dimension, column: place % dimension, values[place])
    }
    self.init(trusted: values, count: count, dimension: dimension)
  }

  private init(trusted values: [Float], count: Int, dimension: Int) {
    self.count = count
    self.dimension = dimension
    self.values = values
  }

  /// The numbers of a row.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[row * dimension..<(row + 1) * dimension]
  }

  /// The table of these rows, at least two, in this order; a row may be there more than once.
  public func selecting(_ rows: some Collection<Int>) -> FeatureTable {
    precondition(rows.count >= 2, "a table has at least two rows")
    var selected: [Float] = []
    selected.reserveCapacity(rows.count * dimension)
    for row in rows { selected += self[row] }
    return FeatureTable(trusted: selected, count: rows.count, dimension: dimension)
  }

  /// - Throws: `.differentDimensions` unless the rows of both have the same length.
  func requireSameDimension(as other: FeatureTable) throws(MeasureError) {
    guard dimension == other.dimension else {
      throw .differentDimensions(dimension, other.dimension)
    }
  }
}
