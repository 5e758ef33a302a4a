/// Two rows of a table and how far they are from each other.
public struct RowPair: Sendable, Hashable {
  /// The index of the row that comes first.
  public let first: Int
  /// The index of the other.
  public let second: Int
  /// The Euclidean distance.
  public let distance: Double
}

extension Neighbours {
  /// The pairs of rows that are nearest to each other, the nearest first. When about s samples hold
  /// a duplicate in half of all cases, the generator knows about s² different ones (the birthday
  /// paradox; Arora and Zhang, "Do GANs actually learn the distribution?", 2017).
  ///
  /// - Parameter count: how many pairs, at least 1; fewer where the table has fewer.
  public static func closestPairs(in table: FeatureTable, count: Int) -> [RowPair] {
    precondition(count > 0, "no pairs")
    let rows = PackedRows(table)
    let blocks = rows.blocks
    let candidates = concurrentMap(blocks.count) { place in
      closestPairs(of: blocks[place], in: rows, count: count)
    }
    return Array(
      candidates.joined().map { first, second in
        RowPair(
          first: first, second: second, distance: distance(table[first], table[second]))
      }
      .sorted { ($0.distance, $0.first, $0.second) < ($1.distance, $1.first, $1.second) }
      .prefix(count))
  }

  /// The closest pairs whose first row is in a block of groups.
  private static func closestPairs(
    of block: Range<Int>, in rows: PackedRows, count: Int
  ) -> [(Int, Int)] {
    // A pair's number in the list is first * rows + second.
    var list = NearestList(capacity: count)
    rows.forEachTile(in: block, with: rows, fromOwn: true) { group, otherGroup, products in
      for otherLane in rows.lanes(of: otherGroup) {
        let distances = rows.squaredDistances(group, rows, otherGroup, products, lane: otherLane)
        let isNearer = distances .< list.bound
        if !any(isNearer) { continue }
        let second = otherGroup * PackedRows.width + otherLane
        for lane in rows.lanes(of: group) {
          let first = group * PackedRows.width + lane
          guard first < second, distances[lane] < list.bound else { continue }
          list.insert(first * rows.count + second, squaredDistance: distances[lane])
        }
      }
    }
    return list.rows.map { ($0 / rows.count, $0 % rows.count) }
  }
}
