import NeuralNetworks
import Randomness
import TensorEngine

/// FactorVAE (Kim and Mnih, "Disentangling by factorising", 2018): a discriminator tells latent points
/// from points whose numbers were exchanged among them, and so estimates how much the numbers tell of each
/// other, which is made small.
///
/// Differs from the paper: the exchanged points are made of the same images as the others, with noise of
/// their own, not of a second batch; the discriminator has the configured layers.
struct FactorVAE: GaussianModel {
  var network: GaussianNetwork
  var discriminator: Discriminator?
  private let kl: KLConfiguration
  private let weight: Double

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    discriminator = Discriminator(
      latentSize: configuration.latentSize, configuration.adversary, random: &random)
    kl = configuration.kl
    weight = configuration.totalCorrelationWeight
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    return [
      reconstruction, kl.term(divergence(posterior, at: latents), mode: batch.mode),
      Term(
        name: "totalCorrelation", values: scores(latents, mode: batch.mode), weight: weight),
    ]
  }

  func discriminatorLoss(of batch: ImageBatch) -> Tensor {
    let posterior = posterior(batch)
    let latents = posterior.point(batch.noise(posterior.mean.shape))
    let others = posterior.point(batch.noise(posterior.mean.shape, "exchanged posterior"))
    let order = batch.graph.randomUniform(others.shape, stream: "exchange").argsorted(axis: 0)
    let exchanged = others.takenAlong(axis: 0, at: order)
    return 0.5
      * Discriminator.loss(
        real: scores(latents, mode: batch.mode), fake: scores(exchanged, mode: batch.mode))
  }

  private func scores(_ latents: Tensor, mode: Mode) -> Tensor {
    guard let discriminator else { preconditionFailure("the discriminator is made with the model") }
    return discriminator(latents, mode: mode).scores
  }
}
