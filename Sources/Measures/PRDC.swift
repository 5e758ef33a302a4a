/// Precision, recall, density and coverage of generated samples, by balls around rows that reach to
/// a row's k-th nearest neighbour in its own table. A row on the surface of a ball is outside.
///
/// Kynkaanniemi et al., "Improved precision and recall metric for assessing generative models"
/// (2019); Naeem et al., "Reliable fidelity and diversity metrics for generative models" (2020),
/// whose definitions, and those of its package `prdc`, these are.
public struct PRDC: Sendable, Hashable {
  /// The share of generated rows that are in the ball of a real one.
  public let precision: Double
  /// The share of real rows that are in the ball of a generated one.
  public let recall: Double
  /// In how many real balls a generated row is, divided by k: about 1 is best, more is possible.
  public let density: Double
  /// The share of real rows whose ball holds a generated one.
  public let coverage: Double
  /// The k: how many neighbours a ball reaches to.
  public let neighbours: Int

  /// Compares generated rows with real ones.
  ///
  /// - Parameter neighbours: fewer than the rows of either table; 5 as in the paper of 2020.
  /// - Throws: `.differentDimensions` or `.tooManyNeighbours`.
  public init(
    real: FeatureTable, generated: FeatureTable, neighbours: Int = 5
  ) throws(MeasureError) {
    try real.requireSameDimension(as: generated)
    let most = min(real.count, generated.count) - 1
    guard (1...most).contains(neighbours) else {
      throw .tooManyNeighbours(neighbours, most: most)
    }
    let (real, generated) = (PackedRows(real), PackedRows(generated))
    let realRadii = Self.squaredRadii(real, neighbours)
    let generatedRadii = Self.squaredRadii(generated, neighbours)
    let blocks = generated.blocks
    let parts = concurrentMap(blocks.count) { place in
      Meetings(
        of: blocks[place], in: generated, with: real, radii: generatedRadii, realRadii: realRadii)
    }
    func share(_ count: Int, of rows: PackedRows) -> Double { Double(count) / Double(rows.count) }
    func realRows(_ isMet: (Meetings, Int) -> Bool) -> Int {
      (0..<real.count).count { row in parts.contains { isMet($0, row) } }
    }
    precision = share(parts.reduce(0) { $0 + $1.inside }, of: generated)
    recall = share(realRows { $0.isReached[$1] }, of: real)
    density = share(parts.reduce(0) { $0 + $1.balls }, of: generated) / Double(neighbours)
    coverage = share(realRows { $0.holdsOne[$1] }, of: real)
    self.neighbours = neighbours
  }

  /// For each group of rows their squared distances from their k-th neighbours.
  private static func squaredRadii(_ rows: PackedRows, _ neighbours: Int) -> [SIMD4<Double>] {
    let lists = Neighbours.nearest(to: rows, in: rows, count: neighbours, leavingOutOwn: true)
    var radii = [SIMD4<Double>](repeating: .zero, count: rows.groups)
    for (row, list) in lists.enumerated() {
      radii[row / PackedRows.width][row % PackedRows.width] = list.bound
    }
    return radii
  }

  /// How a block of generated rows and the real ones lie in each other's balls.
  private struct Meetings: Sendable {
    /// Generated rows that are in a real ball.
    var inside = 0
    /// Pairs of a real ball and a generated row in it.
    var balls = 0
    /// For each real row whether its ball holds a generated one.
    var holdsOne: [Bool]
    /// For each real row whether it is in a generated one's ball.
    var isReached: [Bool]

    init(
      of block: Range<Int>, in generated: PackedRows, with real: PackedRows,
      radii: [SIMD4<Double>], realRadii: [SIMD4<Double>]
    ) {
      var holdsOne = [Bool](repeating: false, count: real.count)
      var isReached = holdsOne
      var ballsOfRow = [SIMD4<Int64>](repeating: .zero, count: block.count)
      generated.forEachTile(in: block, with: real) { group, realGroup, products in
        for realLane in real.lanes(of: realGroup) {
          let distances = generated.squaredDistances(
            group, real, realGroup, products, lane: realLane)
          let realRow = realGroup * PackedRows.width + realLane
          // Rows of the filling have radii of 0, but may be in a real ball.
          var isInside = distances .< realRadii[realGroup][realLane]
          for lane in generated.lanes(of: group).upperBound..<PackedRows.width {
            isInside[lane] = false
          }
          if any(isInside) {
            holdsOne[realRow] = true
            ballsOfRow[group - block.lowerBound].replace(
              with: ballsOfRow[group - block.lowerBound] &+ 1, where: isInside)
          }
          if any(distances .< radii[group]) { isReached[realRow] = true }
        }
      }
      for balls in ballsOfRow {
        for lane in 0..<PackedRows.width where balls[lane] > 0 {
          inside += 1
          self.balls += Int(balls[lane])
        }
      }
      self.holdsOne = holdsOne
      self.isReached = isReached
    }
  }
}
