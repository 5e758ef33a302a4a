import Glibc

/// Points of a plane whose nearness is a probability under Student's t-distribution of one degree of
/// freedom, and how far these are from the probabilities of a table's rows (van der Maaten and Hinton
/// 2008, section 3.3).
struct StudentMap {
  /// The points, four at a time; the last group is filled up with points so far away that they have
  /// no part in any sum.
  private(set) var across: [SIMD4<Double>]
  private(set) var up: [SIMD4<Double>]
  let count: Int
  private static let farAway = 1e100

  init(_ points: [SIMD2<Double>]) {
    count = points.count
    let groups = (count + 3) / 4
    across = [SIMD4<Double>](repeating: SIMD4(repeating: Self.farAway), count: groups)
    up = across
    for (place, point) in points.enumerated() {
      across[place / 4][place % 4] = point.x
      up[place / 4][place % 4] = point.y
    }
  }

  func point(_ place: Int) -> SIMD2<Double> {
    SIMD2(across[place / 4][place % 4], up[place / 4][place % 4])
  }

  /// What pulls at a point and what pushes it.
  private struct Forces {
    /// The sum of p w (own - other), where w = 1 / (1 + squared distance).
    var attraction: SIMD2<Double>
    /// The sum of w² (own - other).
    var repulsion: SIMD2<Double>
    /// The sum of w over the other points.
    var weight: Double
  }

  /// The gradient of the divergence by each point: 4 Σ (p - q) w (own - other).
  ///
  /// - Parameter exaggeration: the factor of the table's probabilities.
  func gradient(
    toward probabilities: NeighbourProbabilities, exaggeration: Double = 1, threads: Int
  ) -> [SIMD2<Double>] {
    let rows = NeighbourProbabilities.rowsOfBlock
    let all = concurrentMap((count + rows - 1) / rows, threads: threads) { block in
      (block * rows..<min((block + 1) * rows, count)).map { forces(on: $0, probabilities) }
    }
    .flatMap(\.self)
    let total = all.reduce(0) { $0 + $1.weight }
    return all.map { 4 * (exaggeration * $0.attraction - $0.repulsion / total) }
  }

  private func forces(on place: Int, _ probabilities: NeighbourProbabilities) -> Forces {
    let own = point(place)
    let (xs, ys) = (across.span, up.span)
    let row = probabilities.values.span.extracting(
      place * probabilities.groups..<(place + 1) * probabilities.groups)
    precondition(xs.count == row.count && ys.count == row.count, "points of another table")
    var (pullX, pullY) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var (pushX, pushY) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var weights = SIMD4<Double>.zero
    for group in 0..<row.count {
      let (dx, dy) = (own.x - xs[group], own.y - ys[group])
      let weight = 1 / (1 + dx * dx + dy * dy)
      let (pull, push) = (row[group] * weight, weight * weight)
      pullX += pull * dx
      pullY += pull * dy
      pushX += push * dx
      pushY += push * dy
      weights += weight
    }
    // The point itself has the weight 1.
    return Forces(
      attraction: SIMD2(pullX.sum(), pullY.sum()), repulsion: SIMD2(pushX.sum(), pushY.sum()),
      weight: weights.sum() - 1)
  }

  /// The Kullback-Leibler divergence of the map's probabilities from the table's, in nats.
  func divergence(from probabilities: NeighbourProbabilities) -> Double {
    var (cross, total) = (0.0, 0.0)
    for place in 0..<count {
      let own = point(place)
      for other in 0..<count where other != place {
        let difference = own - point(other)
        let weight = 1 / (1 + (difference * difference).sum())
        let p = probabilities.values[place * probabilities.groups + other / 4][other % 4]
        if p > 0 { cross += p * (log(p) - log(weight)) }
        total += weight
      }
    }
    return cross + log(total)
  }
}
