/// The SAP score (Kumar, Sattigeri and Balakrishnan, "Variational inference of disentangled latent concepts
/// from unlabeled observations", 2018): how much better one latent number predicts a factor than the next
/// best, averaged over the factors.
///
/// Differs from the paper: a factor without order is predicted by the nearest class mean, not by a support
/// vector machine; of the others the score is the squared correlation, as there.
public struct SeparatedAttributePredictability: Sendable, Hashable {
  /// The mean gap, in 0 ... 1.
  public let score: Double
  /// The gap of each factor.
  public let gaps: [Double]

  /// - Parameter table: the latent points and factors.
  public init(_ table: LatentFactors) {
    let columns = (0..<table.latents.dimension).map { table.column($0) }
    gaps = table.sizes.indices.map { factor in
      let values = table.values(of: factor)
      let scores = columns.map { column in
        table.categorical.contains(factor)
          ? Self.accuracy(column, values, table.sizes[factor])
          : Self.squaredCorrelation(column, values.map(Double.init))
      }.sorted(by: >)
      return scores[0] - (scores.count > 1 ? scores[1] : 0)
    }
    score = gaps.reduce(0, +) / Double(gaps.count)
  }

  /// 0 where one of them does not vary.
  private static func squaredCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    let (ofA, ofB) = (LatentFactors.moments(a), LatentFactors.moments(b))
    guard ofA.variance > 0, ofB.variance > 0 else { return 0 }
    let covariance =
      zip(a, b).reduce(0) { $0 + ($1.0 - ofA.mean) * ($1.1 - ofB.mean) } / Double(a.count)
    return covariance * covariance / (ofA.variance * ofB.variance)
  }

  /// How often the class whose mean is nearest is the right one.
  private static func accuracy(_ numbers: [Double], _ classes: [Int], _ count: Int) -> Double {
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for (number, label) in zip(numbers, classes) {
      sums[label] += number
      counts[label] += 1
    }
    let present = counts.indices.filter { counts[$0] > 0 }
    let right = zip(numbers, classes).count { number, label in
      let nearest = present.min {
        (number - sums[$0] / counts[$0]).magnitude < (number - sums[$1] / counts[$1]).magnitude
      }
      return nearest == label
    }
    return Double(right) / Double(numbers.count)
  }
}
