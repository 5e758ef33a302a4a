import TensorEngine

/// Scores are drawn to 1 for real and 0 for made samples by their squared distance (Mao et al.,
/// "Least squares generative adversarial networks", 2017, with its choice a = 0, b = c = 1).
///
/// Differs from the paper: nothing.
struct LeastSquares: Objective {
  var hasTargets: Bool { true }

  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    0.5 * (real - targets.real).square().mean() + 0.5 * (fake - targets.fake).square().mean()
  }

  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? {
    (real - 0.5, fake - 0.5)
  }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor { 0.5 * (fake - 1).square().mean() }
}
