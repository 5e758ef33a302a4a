/// How many modes of a planar mixture of equal Gaussians are met, and how many samples meet one:
/// the rings and grids on which mode collapse is measured.
///
/// A sample is of high quality within three standard deviations of the nearest centre (Srivastava
/// et al., "VEEGAN", 2017); a mode is covered when at least one such sample is near it (Lin et al.,
/// "PacGAN", 2018, section 4.1). Both draw 2,500 samples.
public struct ModeCoverage: Sendable, Hashable {
  /// High-quality samples of each mode, in the order of the centres.
  public let counts: [Int]
  /// How many modes are covered.
  public let covered: Int
  /// The share of the samples that are of high quality, in 0 ... 1.
  public let quality: Double

  /// - Parameters:
  ///   - points: the samples, at least one; one that is not finite is of no quality.
  ///   - centres: the centres of the modes, at least one, finite.
  ///   - deviation: the standard deviation of each mode in each direction; positive.
  ///   - reach: how many standard deviations from a centre samples are of high quality.
  ///   - leastCount: high-quality samples that make a mode a covered one, at least 1.
  public init(
    points: [SIMD2<Double>], centres: [SIMD2<Double>], deviation: Double, reach: Double = 3,
    leastCount: Int = 1
  ) {
    precondition(!points.isEmpty && !centres.isEmpty, "no points, or no centres")
    precondition(deviation > 0 && reach > 0 && leastCount > 0, "a bound is not positive")
    let bound = (reach * deviation) * (reach * deviation)
    var counts = [Int](repeating: 0, count: centres.count)
    for point in points {
      var nearest = (mode: 0, squaredDistance: Double.infinity)
      for (mode, centre) in centres.enumerated() {
        let difference = point - centre
        let squaredDistance = (difference * difference).sum()
        if squaredDistance < nearest.squaredDistance { nearest = (mode, squaredDistance) }
      }
      if nearest.squaredDistance <= bound { counts[nearest.mode] += 1 }
    }
    self.counts = counts
    covered = counts.count { $0 >= leastCount }
    quality = Double(counts.reduce(0, +)) / Double(points.count)
  }
}
