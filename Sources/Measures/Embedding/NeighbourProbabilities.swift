import Glibc

/// How likely the rows of a table pick each other as neighbours: for each row a normal distribution
/// over the others by their distance, as wide as gives them the perplexity that is asked for, and
/// the mean of both directions (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008,
/// section 3.1).
public struct NeighbourProbabilities: Sendable {
  /// More rows would take more than 200 MB.
  public static let greatestCount = 5000
  /// The perplexity that is usual: the paper's range is 5 to 50.
  private static let usualPerplexity = 30.0
  /// How near the entropy comes to the one asked for, in nats.
  private static let entropyTolerance = 1e-6
  /// Halvings of the precision's range at most: it has 52 bits.
  private static let mostBisections = 100
  /// Rows of a piece of work.
  static let rowsOfBlock = 32

  /// How many rows there are.
  public let count: Int
  /// Groups of four columns; the last is filled up with zeros.
  let groups: Int
  /// The probabilities, row-major: [count, groups]. They are symmetric, 0 on the diagonal, and their
  /// sum is 1.
  let values: [SIMD4<Double>]

  /// The greatest perplexity of so many rows: three times as many neighbours are needed.
  public static func greatestPerplexity(ofCount count: Int) -> Double {
    max(1, Double(count - 1) / 3)
  }

  /// The perplexity that is usual, or the greatest there can be.
  public static func usualPerplexity(ofCount count: Int) -> Double {
    min(usualPerplexity, greatestPerplexity(ofCount: count))
  }

  /// The probabilities of a table's rows.
  ///
  /// - Parameters:
  ///   - perplexity: about how many neighbours each row has, at least 1.
  ///   - threads: of the computation; the result does not depend on them.
  /// - Throws: `.tooManyRows` or `.perplexity`.
  public init(_ table: FeatureTable, perplexity: Double, threads: Int) throws(MeasureError) {
    guard table.count <= Self.greatestCount else {
      throw .tooManyRows(table.count, most: Self.greatestCount)
    }
    let most = Self.greatestPerplexity(ofCount: table.count)
    guard (1...most).contains(perplexity) else { throw .perplexity(perplexity, most: most) }
    let count = table.count
    let rows = PackedRows(table)
    let entropy = log(perplexity)
    let blocks = (count + Self.rowsOfBlock - 1) / Self.rowsOfBlock
    let conditional = concurrentMap(blocks, threads: threads) { block in
      let first = block * Self.rowsOfBlock
      return (first..<min(first + Self.rowsOfBlock, count)).map { row in
        Self.conditional(Self.squaredDistances(from: row, in: rows), of: row, entropy: entropy)
      }
    }
    .flatMap(\.self)
    groups = (count + 3) / 4
    var values = [SIMD4<Double>](repeating: .zero, count: count * groups)
    for row in 0..<count {
      for column in 0..<count {
        values[row * groups + column / 4][column % 4] =
          (conditional[row][column] + conditional[column][row]) / Double(2 * count)
      }
    }
    self.count = count
    self.values = values
  }

  private static func squaredDistances(from row: Int, in rows: PackedRows) -> [Double] {
    let (group, lane) = row.quotientAndRemainder(dividingBy: PackedRows.width)
    return (0..<rows.groups).flatMap { other in
      let products = rows.tile(group, rows, other)
      return rows.lanes(of: other).map { otherLane in
        rows.squaredDistances(group, rows, other, products, lane: otherLane)[lane]
      }
    }
  }

  /// The distribution over the other rows whose entropy is the one given, in nats: the precision is
  /// found by bisection.
  private static func conditional(
    _ squaredDistances: [Double], of row: Int, entropy: Double
  ) -> [Double] {
    var others = squaredDistances
    others[row] = .infinity
    let nearest = others.min() ?? 0
    // The unit of distance: precisions are then near 1 whatever the features' scale is.
    let finite = others.filter(\.isFinite)
    let mean = finite.reduce(0) { $0 + ($1 - nearest) } / Double(finite.count)
    guard mean > 0 else {
      let share = 1 / Double(finite.count)
      return others.indices.map { $0 == row ? 0 : share }
    }
    let excess = others.map { ($0 - nearest) / mean }
    var (precision, low, high) = (1.0, 0.0, Double.infinity)
    var weights: [Double] = []
    for _ in 0..<mostBisections {
      weights = excess.map { exp(-precision * $0) }
      let sum = weights.reduce(0, +)
      let moment = zip(weights, excess).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
      let found = log(sum) + precision * moment / sum
      for place in weights.indices { weights[place] /= sum }
      if abs(found - entropy) < entropyTolerance { break }
      if found > entropy { low = precision } else { high = precision }
      precision = high.isFinite ? (low + high) / 2 : 2 * precision
    }
    return weights
  }
}
