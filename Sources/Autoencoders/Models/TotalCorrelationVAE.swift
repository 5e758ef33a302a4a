import Randomness
import RealModule
import TensorEngine

/// β-TC-VAE (Chen, Li, Grosse and Duvenaud, "Isolating sources of disentanglement in variational
/// autoencoders", 2018): the divergence taken apart into what latent points tell of their image, how much
/// their numbers tell of each other, and how far each is from the prior; the second part counts more. The
/// aggregate posterior is estimated by minibatch weighted sampling (section 4.1).
///
/// Differs from the paper: nothing.
struct TotalCorrelationVAE: GaussianModel {
  var network: GaussianNetwork
  private let weight: Double
  private let trainingCount: Int

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    weight = configuration.totalCorrelationWeight
    trainingCount = samples.count
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    // The density of every point under every image's posterior, [point, image, number].
    let all = Posterior(
      mean: posterior.mean.expanded(axis: 0), logVariance: posterior.logVariance.expanded(axis: 0)
    ).logDensities(of: latents.expanded(axis: 1))
    let logCount = Double.log(Double(batch.count) * Double(trainingCount))
    let aggregate = all.sum(axes: [2]).logSumExp(axes: [1]) - logCount
    let product = (all.logSumExp(axes: [1]) - logCount).sum(axes: [1])
    let own = posterior.logDensities(of: latents).sum(axes: [1])
    return [
      reconstruction,
      Term(name: "mutualInformation", values: own - aggregate),
      Term(name: "totalCorrelation", values: aggregate - product, weight: weight),
      Term(name: "dimensionKL", values: product - logPrior(latents)),
      Term(name: "kl", values: posterior.divergences.sum(axes: [1]), weight: 0),
    ]
  }
}
