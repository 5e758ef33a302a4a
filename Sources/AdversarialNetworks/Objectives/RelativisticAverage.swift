import NeuralNetworks
import TensorEngine

/// How much more real a sample looks than the other kind does on average (Jolicoeur-Martineau, "The
/// relativistic discriminator", 2019, RaSGAN).
///
/// Differs from the paper: nothing.
struct RelativisticAverage: Objective {
  var comparesWithReal: Bool { true }
  var hasTargets: Bool { true }

  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    Losses.sigmoidCrossEntropy(logits: real - fake.mean(), targets: targets.real).mean()
      + Losses.sigmoidCrossEntropy(logits: fake - real.mean(), targets: targets.fake).mean()
  }

  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? {
    (real - fake.mean(), fake - real.mean())
  }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor {
    guard let real else { preconditionFailure("the scores of real samples are needed") }
    return (-(fake - real.mean())).softplus().mean() + (real - fake.mean()).softplus().mean()
  }
}
