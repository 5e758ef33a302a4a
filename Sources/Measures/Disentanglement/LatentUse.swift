import Glibc

/// What posteriors of samples, normal with diagonal covariance, tell of a model's latent numbers.
public struct LatentUse: Sendable, Hashable {
  /// A latent number is active when the variance of its posterior mean is above this (Burda, Grosse and
  /// Salakhutdinov, "Importance weighted autoencoders", 2016, section 5).
  public static let activeVariance = 0.01
  /// Posteriors that the aggregate one is estimated from; time grows with its square.
  public static let comparedSamples = 2000

  /// The mean divergence of each number from the standard normal distribution, in nats.
  public let divergences: [Double]
  /// The variance of the posterior mean of each number.
  public let meanVariances: [Double]
  /// How many latent numbers are active.
  public let activeUnits: Int
  /// What a latent point tells of its sample, in nats: the mean log ratio of its posterior's density at a
  /// point to that of the mixture of all posteriors (Hoffman and Johnson, "ELBO surgery", 2016). It is at most
  /// the logarithm of the number of samples it is taken of.
  public let mutualInformation: Double

  /// - Parameters:
  ///   - means: a posterior mean for each sample.
  ///   - logVariances: the log variances, of the same shape.
  ///   - points: a point of each posterior, of the same shape.
  public init(means: FeatureTable, logVariances: [Float], points: [Float]) {
    let (count, size) = (means.count, means.dimension)
    precondition(
      logVariances.count == count * size && points.count == count * size, "shapes that differ")
    func column(_ place: Int) -> [Double] {
      (0..<count).map { Double(means.values[$0 * size + place]) }
    }
    meanVariances = (0..<size).map { LatentFactors.variance(column($0)) }
    activeUnits = meanVariances.count { $0 > Self.activeVariance }
    divergences = (0..<size).map { place in
      (0..<count).reduce(0) { sum, sample in
        let mean = Double(means.values[sample * size + place])
        let logVariance = Double(logVariances[sample * size + place])
        return sum + (mean * mean + exp(logVariance) - 1 - logVariance) / 2
      } / Double(count)
    }
    let compared = min(count, Self.comparedSamples)
    let ratios = concurrentMap(compared) { sample in
      let densities = (0..<compared).map { other in
        var sum: Float = 0
        for place in 0..<size {
          let distance = points[sample * size + place] - means.values[other * size + place]
          let logVariance = logVariances[other * size + place]
          sum -= 0.5 * (distance * distance * expf(-logVariance) + logVariance)
        }
        return Double(sum)
      }
      let largest = densities.max() ?? 0
      let mixture = largest + log(densities.reduce(0) { $0 + exp($1 - largest) } / Double(compared))
      return densities[sample] - mixture
    }
    mutualInformation = ratios.reduce(0, +) / Double(compared)
  }
}
