import RealModule
import TensorEngine

/// A pixel is one of 256 values; the probability of each is what a logistic distribution around the
/// decoder's mean has within half a step of it, the ends taking all beyond (Kingma et al., "Improved
/// variational inference with inverse autoregressive flow", 2016, section 5.2).
///
/// Differs from the paper: the mean is kept in 0 ... 1 by the logistic function; one scale is learnt
/// for all pixels.
struct DiscretizedLogistic: Likelihood {
  /// Of a pixel in 0 ... 1 at first.
  let initialDeviation: Double
  /// Half the distance between neighbouring values.
  private static let halfStep = 0.5 / 255

  /// The deviation of a logistic distribution is its scale times π/√3.
  var initialLogScale: Double? { .log(initialDeviation * 3.0.squareRoot() / .pi) }

  /// With a and b the standardised ends of a value's interval, σ(a) - σ(b) is
  /// (1 - exp(b - a)) · σ(a) · σ(-b), whose logarithm neither overflows nor loses digits.
  func negativeLog(of pixels: Tensor, outputs: Tensor, logScale: Tensor?) -> Tensor {
    guard let logScale else { preconditionFailure("the scale is learnt") }
    let distance = pixels - means(outputs)
    let inverseScale = (-logScale).exp()
    let above = (distance + Self.halfStep) * inverseScale
    let below = (distance - Self.halfStep) * inverseScale
    let upToAbove = (-above).softplus()
    let fromBelow = below.softplus()
    let inside =
      upToAbove + fromBelow - (-(-2 * Self.halfStep * inverseScale).expm1()).log()
    let isBlack = pixels.isLess(than: Self.halfStep)
    let isWhite = pixels.isGreater(than: 1 - Self.halfStep)
    return isBlack.select(upToAbove, isWhite.select(fromBelow, inside))
  }

  func means(_ outputs: Tensor) -> Tensor { outputs.sigmoid() }
}
