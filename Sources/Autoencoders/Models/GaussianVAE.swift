import Randomness
import TensorEngine

/// A variational autoencoder (Kingma and Welling, "Auto-encoding variational Bayes", 2014) with a
/// Gaussian posterior of diagonal covariance. The loss is the negative evidence lower bound in nats per
/// image, unless `kl` weighs the divergence otherwise.
///
/// Differs from the paper: Adam instead of Adagrad; grey pixels are taken as means, not drawn as black
/// or white, unless `binarization` says so.
struct GaussianVAE: GaussianModel {
  var network: GaussianNetwork
  private let kl: KLConfiguration

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    kl = configuration.kl
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    return [reconstruction, kl.term(divergence(posterior, at: latents), mode: batch.mode)]
  }
}
