/// Why a measure cannot be taken, in one line.
public enum MeasureError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A table of so many rows and columns cannot have so many numbers.
  case size(rows: Int, columns: Int, numbers: Int)
  /// A table has fewer than two rows.
  case tooFewRows(Int)
  /// A number is infinite, not a number, or beyond ``FeatureTable/greatestMagnitude``.
  case unusableNumber(row: Int, column: Int, Float)
  /// The rows of two tables have different lengths.
  case differentDimensions(Int, Int)
  /// Rows are longer than a covariance matrix is made for.
  case tooManyDimensions(Int, most: Int)
  /// So many neighbours of a row, which has at most so many.
  case tooManyNeighbours(Int, most: Int)
  /// Subsets of so many rows, of tables that have at most so many.
  case subsetSize(Int, most: Int)
  /// More rows than a map is made of.
  case tooManyRows(Int, most: Int)
  /// So many neighbours of a row on a map, which has at most so many.
  case perplexity(Double, most: Double)
  /// A row of probabilities has a negative number, or does not sum to 1.
  case notProbabilities(row: Int, sum: Double)

  /// The error in one line.
  public var description: String {
    switch self {
    case .size(let rows, let columns, let numbers):
      "\(numbers) numbers are no table of \(rows) rows of \(columns) numbers; rows have at least one"
    case .tooFewRows(let count):
      "\(count) row\(count == 1 ? "" : "s"), at least 2 are needed"
    case .unusableNumber(let row, let column, let value):
      "row \(row), column \(column): \(value) is not a number from "
        + "-\(FeatureTable.greatestMagnitude) to \(FeatureTable.greatestMagnitude)"
    case .differentDimensions(let first, let second):
      "rows of \(first) numbers cannot be compared with rows of \(second)"
    case .tooManyDimensions(let count, let most):
      "rows of \(count) numbers, at most \(most) have a covariance matrix here"
    case .tooManyNeighbours(let count, let most):
      "\(count) nearest neighbours, these rows have from 1 to \(most)"
    case .subsetSize(let size, let most):
      "subsets of \(size) rows, these tables have subsets from 2 to \(most)"
    case .tooManyRows(let count, let most):
      "\(count) rows, a map has at most \(most)"
    case .perplexity(let perplexity, let most):
      "a perplexity of \(perplexity), these rows have one from 1 to \(most)"
    case .notProbabilities(let row, let sum):
      "row \(row) is no distribution: its numbers sum to \(sum), or one is negative"
    }
  }
}
