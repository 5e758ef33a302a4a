import TensorEngine

/// The difference of mean scores, which for a critic of bounded slope is the earth mover's distance
/// (Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017). `weightBound` or a gradient penalty
/// bounds the slope.
///
/// Differs from the paper: Adam in the place of RMSProp.
struct Wasserstein: Objective {
  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    fake.mean() - real.mean()
  }

  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? { nil }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor { -fake.mean() }
}
