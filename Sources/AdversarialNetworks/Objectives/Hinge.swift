import TensorEngine

/// Only scores within 1 of the border count (Lim and Ye, "Geometric GAN", 2017; Miyato et al.,
/// "Spectral normalization for generative adversarial networks", 2018).
///
/// Differs from the papers: nothing.
struct Hinge: Objective {
  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    (1 - real).relu().mean() + (1 + fake).relu().mean()
  }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor { -fake.mean() }
}
