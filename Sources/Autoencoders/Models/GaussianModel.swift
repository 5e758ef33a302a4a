import NeuralNetworks
import TensorEngine

/// A model with a normal posterior of diagonal covariance for each image.
protocol GaussianModel: WeightedModel {
  var network: GaussianNetwork { get set }
  /// The posteriors of images.
  func posterior(_ batch: ImageBatch) -> Posterior
  /// How unlikely images are given latent points, in nats an image, [N].
  func negativeLog(of batch: ImageBatch, given latents: Tensor) -> Tensor
  /// The logarithm of the prior's density at latent points [N, size], in nats, [N].
  func logPrior(_ latents: Tensor) -> Tensor
  /// The divergence of the posterior, or of each of its numbers, from the prior, [N] or [N, size].
  func divergence(_ posterior: Posterior, at latents: Tensor) -> Tensor
}

extension GaussianModel {
  /// The network's fields stand in their place.
  static var fields: [Field<Self>] { [] }

  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    network.walkParameters(at: path, visit)
  }

  var latentSize: Int { network.latentSize }

  func posterior(_ batch: ImageBatch) -> Posterior {
    network.posterior(of: batch.images, mode: batch.mode)
  }

  func encode(_ batch: ImageBatch) -> Tensor { posterior(batch).mean }

  func draw(_ batch: ImageBatch) -> Tensor { point(of: posterior(batch), batch) }

  /// A point of each posterior, anew each step.
  func point(of posterior: Posterior, _ batch: ImageBatch) -> Tensor {
    posterior.point(batch.noise(posterior.mean.shape))
  }

  func decode(_ latents: Tensor, mode: Mode) -> Tensor {
    network.decoder.means(latents, mode: mode)
  }

  func logPrior(_ latents: Tensor) -> Tensor {
    Posterior.standardLogDensities(of: latents).sum(axes: [1])
  }

  func divergence(_ posterior: Posterior, at latents: Tensor) -> Tensor { posterior.divergences }

  /// How unlikely images are given latent points, in nats an image, [N].
  func negativeLog(of batch: ImageBatch, given latents: Tensor) -> Tensor {
    network.decoder.negativeLog(of: batch.images, given: latents, mode: batch.mode)
  }

  func weighted(
    _ batch: ImageBatch
  ) -> (posterior: Posterior, latents: Tensor, logWeight: Tensor) {
    let posterior = posterior(batch)
    let latents = point(of: posterior, batch)
    let logWeight =
      logPrior(latents) - negativeLog(of: batch, given: latents)
      - posterior.logDensities(of: latents).sum(axes: [1])
    return (posterior, latents, logWeight)
  }

  /// The posterior, a point of it, and the term of its reconstruction.
  func reconstruction(
    of batch: ImageBatch
  ) -> (posterior: Posterior, latents: Tensor, term: Term) {
    let posterior = posterior(batch)
    let latents = point(of: posterior, batch)
    let term = Term(name: "reconstruction", values: negativeLog(of: batch, given: latents))
    return (posterior, latents, term)
  }
}
