import NeuralNetworks
import Randomness
import RealModule
import TensorEngine

/// A variational autoencoder whose prior is the mixture of the posteriors of learnt images, the
/// pseudo-inputs (Tomczak and Welling, "VAE with a VampPrior", 2018). The divergence is estimated at one
/// point.
///
/// Differs from the paper: one layer of latent points; the logistic function keeps pseudo-inputs in
/// 0 ... 1, not a bound.
struct VampPriorVAE: GaussianModel {
  var network: GaussianNetwork
  /// [count, C, H, W], the logits of the images.
  private var pseudoInputs: Parameter
  private let kl: KLConfiguration

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    let shape = Shape([configuration.pseudoInputs] + samples.image.dimensions)
    pseudoInputs = Parameter(.standardNormal(shape, random: &random))
    kl = configuration.kl
  }

  var prior: Prior { .pseudoInputs }

  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    network.walkParameters(at: path, visit)
    visit("\(path).pseudoInputs", &pseudoInputs)
  }

  /// The posteriors that the prior is made of.
  private func components(_ graph: Graph) -> Posterior {
    network.posterior(of: graph[pseudoInputs].sigmoid(), mode: .inference)
  }

  func priorOutputs(_ graph: Graph, batch: Int) -> [String: Tensor] {
    let components = components(graph)
    return ["mean": components.mean, "logVariance": components.logVariance]
  }

  func logPrior(_ latents: Tensor) -> Tensor {
    let components = components(latents.graph)
    let all = Posterior(
      mean: components.mean.expanded(axis: 0), logVariance: components.logVariance.expanded(axis: 0)
    ).logDensities(of: latents.expanded(axis: 1)).sum(axes: [2])
    return all.logSumExp(axes: [1]) - Double.log(Double(pseudoInputs.shape[0]))
  }

  func divergence(_ posterior: Posterior, at latents: Tensor) -> Tensor {
    posterior.logDensities(of: latents).sum(axes: [1]) - logPrior(latents)
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    return [reconstruction, kl.term(divergence(posterior, at: latents), mode: batch.mode)]
  }
}
