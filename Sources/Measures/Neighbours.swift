/// A row of a table, and how far it is.
public struct Neighbour: Sendable, Hashable {
  /// The row's index.
  public let row: Int
  /// The Euclidean distance.
  public let distance: Double
}

/// Nearest rows of tables. How near generated samples come to the training data shows whether they
/// were learned by heart.
public enum Neighbours {
  /// For each row of `queries` the nearest rows of `table`, the nearest first; of rows equally far
  /// the first ones.
  ///
  /// Compares every row with every row, 10,000 rows of 64 numbers with 60,000 in some seconds.
  ///
  /// - Parameter count: how many, at most as many as the table has rows.
  /// - Throws: `.differentDimensions` or `.tooManyNeighbours`.
  public static func nearest(
    to queries: FeatureTable, in table: FeatureTable, count: Int = 1
  ) throws(MeasureError) -> [[Neighbour]] {
    try queries.requireSameDimension(as: table)
    guard (1...table.count).contains(count) else {
      throw .tooManyNeighbours(count, most: table.count)
    }
    let lists = nearest(
      to: PackedRows(queries), in: PackedRows(table), count: count, leavingOutOwn: false)
    return lists.enumerated().map { query, list in
      list.rows.map { row in
        Neighbour(row: row, distance: distance(queries[query], table[row]))
      }
      .sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }
    }
  }

  /// For each row the nearest rows by their squared distances.
  ///
  /// - Parameter leavingOutOwn: whether a row is no neighbour of itself, both being one table.
  static func nearest(
    to queries: PackedRows, in table: PackedRows, count: Int, leavingOutOwn: Bool
  ) -> [NearestList] {
    let blocks = queries.blocks
    let parts = concurrentMap(blocks.count) { place in
      let block = blocks[place]
      let firstRow = block.lowerBound * PackedRows.width
      let rows = min(block.upperBound * PackedRows.width, queries.count) - firstRow
      var lists = [NearestList](repeating: NearestList(capacity: count), count: rows)
      // What is not nearer than the last of a list is passed over, four rows at once.
      var bounds = [SIMD4<Double>](
        repeating: SIMD4(repeating: .infinity), count: block.count)
      queries.forEachTile(in: block, with: table) { group, otherGroup, products in
        for otherLane in table.lanes(of: otherGroup) {
          let distances = queries.squaredDistances(
            group, table, otherGroup, products, lane: otherLane)
          let isNearer = distances .< bounds[group - block.lowerBound]
          if !any(isNearer) { continue }
          let other = otherGroup * PackedRows.width + otherLane
          for lane in queries.lanes(of: group) where isNearer[lane] {
            let row = group * PackedRows.width + lane
            if leavingOutOwn && row == other { continue }
            lists[row - firstRow].insert(other, squaredDistance: distances[lane])
            bounds[group - block.lowerBound][lane] = lists[row - firstRow].bound
          }
        }
      }
      return lists
    }
    return Array(parts.joined())
  }

  /// The distance of two rows by their differences: exact where rows are nearly equal, which the
  /// inner products that found them are not.
  static func distance(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
    zip(first, second).reduce(0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    .squareRoot()
  }
}

/// The nearest of many rows, as far as they were seen.
struct NearestList: Sendable {
  let capacity: Int
  /// The rows, the nearest first.
  private(set) var rows: [Int] = []
  private var squaredDistances: [Double] = []

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The squared distance that a row must be below to enter the list.
  var bound: Double {
    rows.count < capacity ? .infinity : squaredDistances[capacity - 1]
  }

  /// Enters a row that is nearer than the bound, after those that are as near.
  mutating func insert(_ row: Int, squaredDistance: Double) {
    if rows.count == capacity {
      rows.removeLast()
      squaredDistances.removeLast()
    }
    var place = rows.count
    while place > 0, squaredDistances[place - 1] > squaredDistance { place -= 1 }
    rows.insert(row, at: place)
    squaredDistances.insert(squaredDistance, at: place)
  }
}
