import Glibc

/// The mutual information gap (Chen et al., "Isolating sources of disentanglement in variational
/// autoencoders", 2018): how much more one latent number tells of a factor than the next best, as a share
/// of the factor's entropy, averaged over the factors. Latent numbers are cut into bins of equal width
/// (Locatello et al., "Challenging common assumptions in the unsupervised learning of disentangled
/// representations", 2019, appendix C).
///
/// Differs from the paper: the information is that of posterior means in bins, not of the posterior.
public struct MutualInformationGap: Sendable, Hashable {
  /// Bins of a latent number (Locatello et al. 2019).
  public static let bins = 20

  /// The mean of the gaps, in 0 ... 1.
  public let score: Double
  /// The gap of each factor; nil for one with a single value.
  public let gaps: [Double?]
  /// What each latent number tells of each factor, in nats, [number][factor].
  public let information: [[Double]]

  /// - Parameter table: the latent points and factors.
  public init(_ table: LatentFactors) {
    let factors = table.sizes.indices
    let values = factors.map { table.values(of: $0) }
    let information = (0..<table.latents.dimension).map { dimension in
      let bins = Self.binned(table.column(dimension))
      return factors.map { factor in
        Self.information(bins, Self.bins, values[factor], table.sizes[factor])
      }
    }
    let gaps: [Double?] = factors.map { factor in
      let entropy = Self.entropy(values[factor], table.sizes[factor])
      guard entropy > 0 else { return nil }
      let sorted = information.map { $0[factor] }.sorted(by: >)
      return (sorted[0] - (sorted.count > 1 ? sorted[1] : 0)) / entropy
    }
    self.information = information
    self.gaps = gaps
    let told = gaps.compactMap { $0 }
    score = told.isEmpty ? 0 : told.reduce(0, +) / Double(told.count)
  }

  /// The bin of each number, all of equal width from the least to the greatest.
  static func binned(_ numbers: [Double]) -> [Int] {
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
    guard high > low else { return [Int](repeating: 0, count: numbers.count) }
    return numbers.map { min(bins - 1, Int((($0 - low) / (high - low) * Double(bins)))) }
  }

  /// The mutual information, in nats, of two lists of places.
  static func information(_ a: [Int], _ sizeOfA: Int, _ b: [Int], _ sizeOfB: Int) -> Double {
    let joint = zip(a, b).map { $0 * sizeOfB + $1 }
    return entropy(a, sizeOfA) + entropy(b, sizeOfB) - entropy(joint, sizeOfA * sizeOfB)
  }

  /// The entropy, in nats, of places below `size`.
  static func entropy(_ places: [Int], _ size: Int) -> Double {
    var counts = [Int](repeating: 0, count: size)
    for place in places { counts[place] += 1 }
    let total = Double(places.count)
    return counts.reduce(0) { sum, count in
      count == 0 ? sum : sum - Double(count) / total * log(Double(count) / total)
    }
  }
}
