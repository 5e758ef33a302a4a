import Glibc

/// How evenly, and how surely, samples fall into classes, by a classifier's probabilities.
public struct ClassBalance: Sendable, Hashable {
  /// How far from 1 a row may sum, since probabilities come in single precision.
  public static let tolerance = 1e-3

  /// The mean distribution over the classes.
  public let mean: [Double]
  /// How many samples have each class as their likeliest, the first of equally likely ones.
  public let histogram: [Int]
  /// The entropy of the mean distribution, in nats.
  public let entropy: Double
  /// The exponential of the entropy: as many classes, all equally frequent, have this entropy.
  public let effectiveClasses: Double
  /// The exponential of the mean divergence KL(p || mean) of a sample's distribution from the mean
  /// one, in 1 ... classes: with Inception's classes it is the Inception score (Salimans et al.,
  /// "Improved techniques for training GANs", 2016), here of all samples at once, not of ten parts.
  public let score: Double

  /// - Parameter probabilities: a row for each sample, a column for each class.
  /// - Throws: `.notProbabilities`.
  public init(_ probabilities: FeatureTable) throws(MeasureError) {
    let classes = probabilities.dimension
    var mean = [Double](repeating: 0, count: classes)
    var histogram = [Int](repeating: 0, count: classes)
    var entropyOfSamples = 0.0
    for row in 0..<probabilities.count {
      let numbers = probabilities[row].map(Double.init)
      let sum = numbers.reduce(0, +)
      guard abs(sum - 1) <= Self.tolerance, numbers.allSatisfy({ $0 >= 0 }) else {
        throw .notProbabilities(row: row, sum: sum)
      }
      let distribution = numbers.map { $0 / sum }
      var likeliest = 0
      for place in 0..<classes {
        mean[place] += distribution[place]
        if distribution[place] > distribution[likeliest] { likeliest = place }
      }
      histogram[likeliest] += 1
      entropyOfSamples += Self.entropy(of: distribution)
    }
    let count = Double(probabilities.count)
    for place in 0..<classes { mean[place] /= count }
    let entropy = Self.entropy(of: mean)
    self.mean = mean
    self.histogram = histogram
    self.entropy = entropy
    effectiveClasses = exp(entropy)
    // The mean divergence is the entropy of the mean less the mean entropy.
    score = exp(max(0, entropy - entropyOfSamples / count))
  }

  private static func entropy(of distribution: [Double]) -> Double {
    distribution.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }
}
