import NeuralNetworks
import Randomness
import TensorEngine

/// An adversarial autoencoder (Makhzani et al., "Adversarial autoencoders", 2016): a discriminator tells
/// latent points from points of the prior, and the encoder learns to be mistaken for it.
///
/// Differs from the paper: the encoder learns from the reconstruction and from the discriminator in one
/// step; Adam instead of gradient descent with momentum.
struct AdversarialAutoencoder: CodeModel {
  var network: CodeNetwork
  var discriminator: Discriminator?
  private let weight: Double

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = CodeNetwork(configuration, samples, random: &random)
    discriminator = Discriminator(
      latentSize: configuration.latentSize, configuration.adversary, random: &random)
    weight = configuration.adversary.weight
  }

  var prior: Prior { .standardNormal }

  func terms(of batch: ImageBatch) -> [Term] {
    let latents = encode(batch)
    return [
      reconstruction(of: batch, from: latents),
      Term(
        name: "adversarial", values: (-scores(latents, mode: batch.mode)).softplus(),
        weight: weight),
    ]
  }

  func discriminatorLoss(of batch: ImageBatch) -> Tensor {
    let latents = encode(batch)
    return Discriminator.loss(
      real: scores(batch.noise(latents.shape, "prior"), mode: batch.mode),
      fake: scores(latents, mode: batch.mode))
  }

  private func scores(_ latents: Tensor, mode: Mode) -> Tensor {
    guard let discriminator else { preconditionFailure("the discriminator is made with the model") }
    return discriminator(latents, mode: mode).scores
  }
}
