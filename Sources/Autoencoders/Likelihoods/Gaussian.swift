import RealModule
import TensorEngine

/// Pixels have a normal density around what the decoder gives. The deviation is one number for all
/// pixels, given or learnt (Rybkin, Daniilidis and Levine, "Simple and effective VAE training with
/// calibrated decoders", 2021). Nats of a density of pixels in 0 ... 1: they can be negative, and do
/// not compare with those of whole values.
///
/// Differs from the paper: where it is learnt, the deviation is learnt by gradients; it is not the
/// batch's own error.
struct Gaussian: Likelihood {
  let deviation: Double
  let isLearned: Bool

  var initialLogScale: Double? { isLearned ? .log(deviation) : nil }

  func negativeLog(of pixels: Tensor, outputs: Tensor, logScale: Tensor?) -> Tensor {
    let squares = (pixels - outputs).square()
    let halfLogTau = 0.5 * Double.log(2 * .pi)
    guard let logScale else {
      return squares * (0.5 / (deviation * deviation)) + (halfLogTau + .log(deviation))
    }
    return 0.5 * squares * (-2 * logScale).exp() + logScale + halfLogTau
  }

  func means(_ outputs: Tensor) -> Tensor { outputs }
}
