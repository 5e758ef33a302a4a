import RealModule

/// The way between two latent points.
public enum LatentPath: Sendable {
  /// Straight on.
  case linear
  /// On the great circle, so that points in between are as far from 0 as points of the prior (White,
  /// "Sampling generative networks", 2016).
  case spherical

  /// The point at a share 0 ... 1 of the way.
  func point(from start: [Float], to end: [Float], at share: Float) -> [Float] {
    var weights = (1 - share, share)
    if self == .spherical {
      func product(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let lengths = (product(start, start) * product(end, end)).squareRoot()
      let cosine = lengths > 0 ? min(1, max(-1, product(start, end) / lengths)) : 1
      let angle = Double.acos(cosine)
      // Points in one direction, or opposite ones, have no circle of their own.
      if Double.sin(angle) > 1e-6 {
        weights = (
          Float(.sin((1 - Double(share)) * angle) / .sin(angle)),
          Float(.sin(Double(share) * angle) / .sin(angle))
        )
      }
    }
    return zip(start, end).map { weights.0 * $0 + weights.1 * $1 }
  }
}
