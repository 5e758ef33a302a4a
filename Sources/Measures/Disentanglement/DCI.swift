import Glibc

/// Disentanglement, completeness and informativeness (Eastwood and Williams, "A framework for the quantitative
/// evaluation of disentangled representations", 2018), by linear regressions with an absolute penalty
/// (lasso) from the latent numbers to each factor.
///
/// Differs from the paper: the penalty is fixed, not chosen by validation; a factor without order is told
/// by a regression for each of its values, whose weights are added.
public struct DCI: Sendable, Hashable {
  /// How little each latent number in use tells of more than one factor, weighted by importance, 0 ... 1.
  public let disentanglement: Double
  /// How few latent numbers each factor is told by, 0 ... 1.
  public let completeness: Double
  /// The share of the factors' variance that the latent numbers explain linearly, 0 ... 1.
  public let informativeness: Double

  /// What a weight of 1 costs, where a factor of variance 1 is to be explained.
  private static let penalty = 0.02
  private static let sweeps = 200

  /// - Parameter table: the latent points and factors.
  public init(_ table: LatentFactors) {
    let used = LatentFactors.used(table.variances())
    guard !used.isEmpty else {
      (disentanglement, completeness, informativeness) = (0, 0, 0)
      return
    }
    let inputs = used.map { Self.standardized(table.column($0)) }
    let products = inputs.map { a in inputs.map { Self.mean(a, $0) } }
    var importance: [[Double]] = []
    var explained: [Double] = []
    for factor in table.sizes.indices {
      let values = table.values(of: factor)
      let targets =
        table.categorical.contains(factor)
        ? (0..<table.sizes[factor]).map { place in values.map { $0 == place ? 1.0 : 0 } }
        : [values.map(Double.init)]
      var weights = [Double](repeating: 0, count: used.count)
      var shares: [Double] = []
      for target in targets where LatentFactors.variance(target) > 0 {
        let target = Self.standardized(target)
        let (found, share) = Self.lasso(products, inputs.map { Self.mean($0, target) })
        for place in weights.indices { weights[place] += found[place].magnitude }
        shares.append(share)
      }
      guard !shares.isEmpty else { continue }
      importance.append(weights)
      explained.append(shares.reduce(0, +) / Double(shares.count))
    }
    let rows = used.indices.map { place in importance.map { $0[place] } }
    let total = importance.joined().reduce(0, +)
    disentanglement =
      total > 0
      ? rows.reduce(0) { $0 + $1.reduce(0, +) / total * Self.concentration($1) } : 0
    completeness =
      importance.isEmpty
      ? 0 : importance.reduce(0) { $0 + Self.concentration($1) } / Double(importance.count)
    informativeness =
      explained.isEmpty ? 0 : explained.reduce(0, +) / Double(explained.count)
  }

  /// One less the entropy of the shares of weights, to the base of their number; 0 where all are 0.
  private static func concentration(_ weights: [Double]) -> Double {
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return 0 }
    guard weights.count > 1 else { return 1 }
    let entropy = weights.reduce(0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 }
    return 1 - entropy / log(Double(weights.count))
  }

  /// The weights that make half the mean squared error and the penalty small, by coordinate descent, and
  /// the share of the target's variance that they explain.
  ///
  /// - Parameters:
  ///   - products: the correlations of the inputs.
  ///   - target: the correlation of each input with the target.
  private static func lasso(
    _ products: [[Double]], _ target: [Double]
  ) -> (weights: [Double], explained: Double) {
    var weights = [Double](repeating: 0, count: target.count)
    for _ in 0..<sweeps {
      var greatest = 0.0
      for place in weights.indices {
        var rest = target[place]
        for other in weights.indices where other != place {
          rest -= products[place][other] * weights[other]
        }
        let new = (rest.magnitude > penalty ? rest.magnitude - penalty : 0) * (rest < 0 ? -1 : 1)
        greatest = max(greatest, (new - weights[place]).magnitude)
        weights[place] = new
      }
      if greatest < 1e-9 { break }
    }
    var explained = 0.0
    for place in weights.indices {
      explained += 2 * weights[place] * target[place]
      for other in weights.indices {
        explained -= weights[place] * weights[other] * products[place][other]
      }
    }
    return (weights, min(1, max(0, explained)))
  }

  /// With mean 0 and variance 1.
  private static func standardized(_ numbers: [Double]) -> [Double] {
    let (mean, variance) = LatentFactors.moments(numbers)
    return numbers.map { ($0 - mean) / variance.squareRoot() }
  }

  private static func mean(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(a.count)
  }
}
