import Randomness
import TensorEngine

/// A variational autoencoder whose encoder and decoder are told the class of an image (Sohn, Lee and
/// Yan, "Learning structured output representation using deep conditional generative models", 2015). A
/// latent point ends with the class, one-hot.
///
/// Differs from the paper: images are made of classes, not classes of images; the prior is the standard
/// normal distribution for every class; the encoder is told the class after its last hidden layer.
struct ConditionalVAE: GaussianModel {
  var network: GaussianNetwork
  private let kl: KLConfiguration
  private let classes: Int

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    classes = samples.classes
    network = GaussianNetwork(configuration, samples, classes: classes, random: &random)
    kl = configuration.kl
  }

  var latentSize: Int { network.latentSize + classes }
  var usesClasses: Bool { true }

  func posterior(_ batch: ImageBatch) -> Posterior {
    network.posterior(of: batch.images, classes: batch.classes, mode: batch.mode)
  }

  func negativeLog(of batch: ImageBatch, given latents: Tensor) -> Tensor {
    network.decoder.negativeLog(
      of: batch.images, given: joined(latents, batch), mode: batch.mode)
  }

  func encode(_ batch: ImageBatch) -> Tensor { joined(posterior(batch).mean, batch) }

  func draw(_ batch: ImageBatch) -> Tensor { joined(point(of: posterior(batch), batch), batch) }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    return [reconstruction, kl.term(divergence(posterior, at: latents), mode: batch.mode)]
  }

  private func joined(_ latents: Tensor, _ batch: ImageBatch) -> Tensor {
    Tensor.concatenate([latents] + (batch.classes.map { [$0] } ?? []), axis: 1)
  }
}
