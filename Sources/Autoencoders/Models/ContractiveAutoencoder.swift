import Randomness
import TensorEngine

/// An autoencoder whose code changes little with its image: the squared Frobenius norm of the code's
/// Jacobian is made small (Rifai et al., "Contractive auto-encoders", 2011). The norm is estimated, without
/// bias, by the squared gradient of one random combination of the code (Hutchinson, "A stochastic estimator
/// of the trace of the influence matrix", 1989), which holds for an encoder of any depth.
///
/// Differs from the paper: deep encoders; the estimate instead of the norm of one layer.
struct ContractiveAutoencoder: CodeModel {
  var network: CodeNetwork
  private let weight: Double

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = CodeNetwork(configuration, samples, random: &random)
    weight = configuration.contractionWeight
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let latents = encode(batch)
    let mixed = (latents * batch.noise(latents.shape, "direction")).sum()
    let gradient = batch.graph.gradients(of: mixed, withRespectTo: [batch.images])[0]
    return [
      reconstruction(of: batch, from: latents),
      Term(
        name: "contraction", values: gradient.square().flattened().sum(axes: [1]), weight: weight),
    ]
  }
}
