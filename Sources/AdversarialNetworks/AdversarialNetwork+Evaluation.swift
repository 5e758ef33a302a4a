import Experiments
import Measures
import TensorEngine

extension AdversarialNetwork {
  /// Points drawn to count modes (Srivastava et al., "VEEGAN", 2017).
  private static let countedPoints = 2500

  /// Of points: the modes that samples reach, and the share of the samples that are near one. How
  /// good images are, `atelier evaluate` tells.
  public mutating func evaluate() throws -> Metrics {
    guard case .points(let mixture) = source else { return [:] }
    let points = try samples(of: latents(count: Self.countedPoints, seed: seed &+ 2))
    let coverage = ModeCoverage(
      points: stride(from: 0, to: points.count, by: 2).map {
        SIMD2(Double(points[$0]), Double(points[$0 + 1]))
      }, centres: mixture.centres, deviation: mixture.deviation)
    return ["modesCovered": Double(coverage.covered), "highQualityShare": coverage.quality]
  }
}
