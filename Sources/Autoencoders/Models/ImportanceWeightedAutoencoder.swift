import Randomness
import RealModule
import TensorEngine

/// A variational autoencoder with a tighter bound, of several points of the posterior for each image
/// (Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2016).
///
/// Differs from the paper: one layer of latent points.
struct ImportanceWeightedAutoencoder: GaussianModel {
  var network: GaussianNetwork
  private let points: Int

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    points = configuration.importanceSamples
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let posterior = posterior(batch)
    let shape: Shape = [points, batch.count, latentSize]
    let latents = posterior.point(batch.noise(shape))
    let images = Shape([points] + batch.images.shape.dimensions)
    let copies = batch.images.expanded(axis: 0).broadcast(to: images)
      .reshaped(to: Shape([points * batch.count] + batch.images.shape.dimensions.dropFirst()))
    let flat = latents.reshaped(to: [points * batch.count, latentSize])
    let reconstruction = network.decoder.negativeLog(of: copies, given: flat, mode: batch.mode)
      .reshaped(to: [points, batch.count])
    let kl =
      (posterior.logDensities(of: latents) - Posterior.standardLogDensities(of: latents))
      .sum(axes: [2])
    let bound = Double.log(Double(points)) - (-reconstruction - kl).logSumExp(axes: [0])
    return [
      Term(name: "bound", values: bound),
      Term(name: "reconstruction", values: reconstruction.mean(axes: [0]), weight: 0),
      Term(name: "kl", values: posterior.divergences.sum(axes: [1]), weight: 0),
    ]
  }
}
