import Randomness

/// The squared maximum mean discrepancy of two tables under the kernel (x·y / d + 1)³, unbiased; of
/// Inception features it is the KID (Binkowski et al., "Demystifying MMD GANs", 2018). About 0 is
/// best; being unbiased, it may be a little less.
public struct KernelDistance: Sendable, Hashable {
  /// The distance of all rows.
  public let value: Double
  /// The mean distance of the subsets.
  public let mean: Double
  /// The standard deviation of the subsets' distances, their number being the divisor.
  public let deviation: Double
  /// How many subsets were drawn.
  public let subsets: Int
  /// How many rows of each table a subset has. Where a table has no more, every subset is all of
  /// it, and the deviation tells nothing of it.
  public let subsetSize: Int

  /// The distance of two tables, and of random subsets of them.
  ///
  /// - Parameters:
  ///   - subsets: how many, at least one; torch-fidelity's default.
  ///   - subsetSize: rows drawn from each table, none twice; 1000, torch-fidelity's default, or as
  ///     many as both have unless given.
  /// - Throws: `.differentDimensions` or `.subsetSize`.
  public init(
    _ first: FeatureTable, _ second: FeatureTable, subsets: Int = 100, subsetSize: Int? = nil,
    seed: UInt64
  ) throws(MeasureError) {
    precondition(subsets > 0, "no subset")
    try first.requireSameDimension(as: second)
    let most = min(first.count, second.count)
    let size = subsetSize ?? min(1000, most)
    guard (2...most).contains(size) else { throw .subsetSize(size, most: most) }
    value = Self.distance(PackedRows(first), PackedRows(second))
    let distances = (0..<subsets).map { subset in
      var stream = RandomStream(
        seed: seed, name: "kernel distance subsets", index: UInt64(subset))
      func drawn(_ table: FeatureTable) -> PackedRows {
        let rows = stream.permutation(of: table.count).prefix(size).map(Int.init)
        return PackedRows(table.selecting(rows))
      }
      return Self.distance(drawn(first), drawn(second))
    }
    let mean = distances.reduce(0, +) / Double(subsets)
    let squares = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / Double(subsets)).squareRoot()
    self.subsets = subsets
    self.subsetSize = size
  }

  private static func distance(_ first: PackedRows, _ second: PackedRows) -> Double {
    let (n, m) = (Double(first.count), Double(second.count))
    return 2 * pairSum(within: first) / (n * (n - 1)) + 2 * pairSum(within: second) / (m * (m - 1))
      - 2 * sum(first, second) / (n * m)
  }

  /// The sum of the kernel over all pairs of a row of each.
  private static func sum(_ first: PackedRows, _ second: PackedRows) -> Double {
    sum(first, second, fromOwn: false) { _, _ in true }
  }

  /// The sum of the kernel over all pairs of different rows, each pair once.
  private static func pairSum(within rows: PackedRows) -> Double {
    sum(rows, rows, fromOwn: true) { $0 < $1 }
  }

  /// The sum of the kernel over the pairs of rows that are counted. Tiles off the diagonal are
  /// counted whole.
  private static func sum(
    _ first: PackedRows, _ second: PackedRows, fromOwn: Bool,
    counts: @Sendable (_ row: Int, _ otherRow: Int) -> Bool
  ) -> Double {
    let blocks = first.blocks
    let sums = concurrentMap(blocks.count) { place in
      var total = 0.0
      first.forEachTile(in: blocks[place], with: second, fromOwn: fromOwn) {
        group, otherGroup, products in
        let isWhole =
          first.isFull(group) && second.isFull(otherGroup) && !(fromOwn && group == otherGroup)
        for otherLane in second.lanes(of: otherGroup) {
          let kernel = kernel(products[otherLane], dimension: first.depth)
          if isWhole {
            total += kernel.sum()
            continue
          }
          for lane in first.lanes(of: group)
          where counts(
            group * PackedRows.width + lane, otherGroup * PackedRows.width + otherLane)
          {
            total += kernel[lane]
          }
        }
      }
      return total
    }
    return sums.reduce(0, +)
  }

  /// The kernel of four inner products.
  private static func kernel(_ products: SIMD4<Double>, dimension: Int) -> SIMD4<Double> {
    let base = products / Double(dimension) + 1
    return base * base * base
  }
}
