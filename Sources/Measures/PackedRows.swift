/// Rows in double precision, laid out so that the inner products of four rows with four others are
/// computed at once: four rows are a group, and the numbers that its rows have in one column lie
/// side by side. The last group is filled up with rows of zeros.
///
/// Inner products and squared norms are sums in the order of the columns, so equal rows have a
/// squared distance of exactly 0, and it is the same whichever of two rows comes first.
struct PackedRows: Sendable {
  /// Rows of a group.
  static let width = 4
  /// How many groups are one piece of work.
  private static let groupsOfBlock = 64
  /// Bytes of the groups that meet each group of a block before the next ones do: half of a common
  /// second-level cache of 256 KiB.
  private static let cachedBytes = 1 << 17

  /// How many rows there are, without the filling.
  let count: Int
  /// How many columns.
  let depth: Int
  /// Group after group, column after column.
  let values: [SIMD4<Double>]
  /// For each group the squared norms of its rows.
  let squaredNorms: [SIMD4<Double>]

  /// - Parameter element: the number at a row and a column.
  init(count: Int, depth: Int, element: (_ row: Int, _ column: Int) -> Double) {
    let groups = (count + Self.width - 1) / Self.width
    var values = [SIMD4<Double>](repeating: .zero, count: groups * depth)
    var squaredNorms = [SIMD4<Double>](repeating: .zero, count: groups)
    for row in 0..<count {
      let (group, lane) = row.quotientAndRemainder(dividingBy: Self.width)
      var sum = 0.0
      for column in 0..<depth {
        let number = element(row, column)
        values[group * depth + column][lane] = number
        sum += number * number
      }
      squaredNorms[group][lane] = sum
    }
    self.count = count
    self.depth = depth
    self.values = values
    self.squaredNorms = squaredNorms
  }

  init(_ table: FeatureTable) {
    self.init(count: table.count, depth: table.dimension) { row, column in
      Double(table.values[row * table.dimension + column])
    }
  }

  /// How many groups there are.
  var groups: Int { squaredNorms.count }

  /// Whether no row of the group is filling.
  func isFull(_ group: Int) -> Bool { (group + 1) * Self.width <= count }

  /// The lanes of a group that are rows, not filling.
  func lanes(of group: Int) -> Range<Int> { 0..<min(Self.width, count - group * Self.width) }

  /// The groups in pieces of work.
  var blocks: [Range<Int>] {
    stride(from: 0, to: groups, by: Self.groupsOfBlock).map { start in
      start..<min(start + Self.groupsOfBlock, groups)
    }
  }

  /// The inner products of the rows of a group with those of a group of `other`: an element for
  /// each of the other's rows, a lane for each of this one's.
  @inline(__always)
  func tile(_ group: Int, _ other: PackedRows, _ otherGroup: Int) -> [4 of SIMD4<Double>] {
    let own = values.span.extracting(group * depth..<(group + 1) * depth)
    let others = other.values.span.extracting(otherGroup * depth..<(otherGroup + 1) * depth)
    precondition(own.count == others.count, "rows of different lengths")
    var first = SIMD4<Double>.zero
    var second = SIMD4<Double>.zero
    var third = SIMD4<Double>.zero
    var fourth = SIMD4<Double>.zero
    for column in 0..<own.count {
      let (rows, factors) = (own[column], others[column])
      first += rows * factors[0]
      second += rows * factors[1]
      third += rows * factors[2]
      fourth += rows * factors[3]
    }
    return [first, second, third, fourth]
  }

  /// Calls `body` with each pair of a group in `block` and a group of `other`, and their inner
  /// products. A group of this side meets the other's groups in their order.
  ///
  /// - Parameter fromOwn: leaves out the other's groups before a group's own place.
  @inline(__always)
  func forEachTile(
    in block: Range<Int>, with other: PackedRows, fromOwn: Bool = false,
    _ body: (_ group: Int, _ otherGroup: Int, _ products: [4 of SIMD4<Double>]) -> Void
  ) {
    let groupBytes = max(depth, 1) * MemoryLayout<SIMD4<Double>>.stride
    let step = max(1, Self.cachedBytes / groupBytes)
    for start in stride(from: 0, to: other.groups, by: step) {
      let end = min(start + step, other.groups)
      for group in block {
        for otherGroup in min(fromOwn ? max(start, group) : start, end)..<end {
          body(group, otherGroup, tile(group, other, otherGroup))
        }
      }
    }
  }

  /// The squared distances of the rows of a group from those of a group of `other`, as the tile of
  /// their inner products; rounding does not make one negative.
  @inline(__always)
  func squaredDistances(
    _ group: Int, _ other: PackedRows, _ otherGroup: Int, _ products: [4 of SIMD4<Double>],
    lane: Int
  ) -> SIMD4<Double> {
    let sums = squaredNorms[group] + other.squaredNorms[otherGroup][lane]
    return pointwiseMax(sums - 2 * products[lane], .zero)
  }

  /// The inner products of all rows with all rows of `other`, row-major.
  ///
  /// - Parameter areSymmetric: they are known to be a symmetric matrix; half of them is computed.
  func products(with other: PackedRows, areSymmetric: Bool = false) -> [Double] {
    let blocks = blocks
    let parts = concurrentMap(blocks.count) { place in
      let block = blocks[place]
      let firstRow = block.lowerBound * Self.width
      let rows = min(block.upperBound * Self.width, count) - firstRow
      var part = [Double](repeating: 0, count: rows * other.count)
      forEachTile(in: block, with: other, fromOwn: areSymmetric) { group, otherGroup, products in
        for otherLane in other.lanes(of: otherGroup) {
          let column = otherGroup * Self.width + otherLane
          for lane in lanes(of: group) {
            let row = group * Self.width + lane - firstRow
            part[row * other.count + column] = products[otherLane][lane]
          }
        }
      }
      return part
    }
    var all = Array(parts.joined())
    guard areSymmetric else { return all }
    for row in 0..<count {
      for column in 0..<row { all[row * count + column] = all[column * count + row] }
    }
    return all
  }
}
