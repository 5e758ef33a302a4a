import NeuralNetworks
import TensorEngine

/// The first game (Goodfellow et al., "Generative adversarial nets", 2014): the discriminator tells
/// how likely a sample is real, and the generator makes its own likely.
///
/// Differs from the paper: the generator always follows its second, "non-saturating" loss.
struct NonSaturating: Objective {
  var hasTargets: Bool { true }

  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    Losses.sigmoidCrossEntropy(logits: real, targets: targets.real).mean()
      + Losses.sigmoidCrossEntropy(logits: fake, targets: targets.fake).mean()
  }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor { (-fake).softplus().mean() }
}
