import Measures
import Randomness

/// Features drawn from normal distributions, and the same for the same seed.
func normalTable(
  _ count: Int, _ dimension: Int, seed: UInt64, mean: Double = 0, deviations: [Double] = [1]
) throws -> FeatureTable {
  var stream = RandomStream(seed: seed, name: "features")
  let values = (0..<count * dimension).map { place in
    Float(mean + deviations[place % dimension % deviations.count] * stream.normal())
  }
  return try FeatureTable(values, count: count, dimension: dimension)
}

/// The table with its rows in another order.
func shuffled(_ table: FeatureTable) -> FeatureTable {
  var stream = RandomStream(seed: 9, name: "order")
  return table.selecting(stream.permutation(of: table.count).map(Int.init))
}

/// The rows in double precision.
func rows(_ table: FeatureTable) -> [[Double]] {
  (0..<table.count).map { table[$0].map(Double.init) }
}

/// The Euclidean distance, by its definition.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

/// Whether two numbers differ by at most a share of the larger, or of 1.
func agree(_ a: Double, _ b: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
