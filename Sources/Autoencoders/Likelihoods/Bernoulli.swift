import NeuralNetworks
import TensorEngine

/// Pixels are the means of Bernoulli variables, whose logits the decoder gives (Kingma and Welling
/// 2014, appendix C.1).
///
/// Differs from the paper: a grey pixel is a mean, so that the number of nats is a cross-entropy and
/// not a likelihood, unless pixels are drawn black or white (`binarization`).
struct Bernoulli: Likelihood {
  var initialLogScale: Double? { nil }

  func negativeLog(of pixels: Tensor, outputs: Tensor, logScale: Tensor?) -> Tensor {
    Losses.sigmoidCrossEntropy(logits: outputs, targets: pixels)
  }

  func means(_ outputs: Tensor) -> Tensor { outputs.sigmoid() }
}
