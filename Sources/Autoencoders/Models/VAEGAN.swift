import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// VAE-GAN (Larsen, Sønderby, Larochelle and Winther, "Autoencoding beyond pixels using a learned
/// similarity metric", 2016): images are compared by the features of a discriminator, which tells
/// them from reconstructions and from images of the prior. The encoder makes the error of the features
/// and the divergence small; the decoder that error, of its own weight, and what the discriminator says.
///
/// Differs from the paper: Adam instead of RMSProp; batches are not normalised in the discriminator; the decoder's
/// adversarial loss is the one that does not saturate. The features are those of the discriminator's last
/// convolution. The pixels' own reconstruction is measured, not made small.
struct VAEGAN: GaussianModel {
  var network: GaussianNetwork
  var discriminator: Discriminator?
  private let kl: KLConfiguration
  private let similarityWeight: Double

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    discriminator = Discriminator(configuration, image: samples.image, random: &random)
    kl = configuration.kl
    similarityWeight = configuration.adversary.similarityWeight
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let made = made(batch)
    let judge = judge
    let target = judge(batch.images, mode: batch.mode).features.stopGradient()
    let ofCopies = judge(made.copies, mode: batch.mode)
    let ofDrawn = judge(made.drawn, mode: batch.mode)
    let error = 0.5 * (ofCopies.features - target).square().sum(axes: [1])
    let pixels = target.graph.withoutUpdates { negativeLog(of: batch, given: made.latents) }
    return [
      Term(name: "featureError", values: error),
      kl.term(divergence(made.posterior, at: made.latents), mode: batch.mode),
      Term(
        name: "adversarial",
        values: (-ofCopies.scores).softplus() + (-ofDrawn.scores).softplus(), weight: 0),
      Term(name: "reconstruction", values: pixels, weight: 0),
    ]
  }

  func minimize(_ terms: [Term], in graph: Graph, _ configuration: AutoencoderConfiguration) {
    graph.minimize(
      Term.loss(terms), over: network.encoderTensors(in: graph),
      with: configuration.optimizer)
    let (error, adversarial) = (terms[0].mean, terms[2].mean)
    graph.minimize(
      similarityWeight * error + adversarial, over: network.decoder.tensors(in: graph),
      with: configuration.optimizer, name: "decoderOptimizer")
  }

  func discriminatorLoss(of batch: ImageBatch) -> Tensor {
    let made = made(batch)
    let real = judge(batch.images, mode: batch.mode).scores
    let fakes = [made.copies, made.drawn].map { judge($0, mode: batch.mode).scores }
    return Discriminator.loss(real: real, fake: Tensor.concatenate(fakes, axis: 0))
  }

  private var judge: Discriminator {
    guard let discriminator else { preconditionFailure("the discriminator is made with the model") }
    return discriminator
  }

  private func made(
    _ batch: ImageBatch
  ) -> (posterior: Posterior, latents: Tensor, copies: Tensor, drawn: Tensor) {
    let posterior = posterior(batch)
    let latents = posterior.point(batch.noise(posterior.mean.shape))
    let drawn = batch.noise(latents.shape, "prior")
    // Together, so that both are normalised by the same statistics, as they are by running ones.
    let images = decode(Tensor.concatenate([latents, drawn], axis: 0), mode: batch.mode)
    let shape = batch.images.shape
    let (copies, fresh) = (
      images.sliced(axis: 0, 0..<shape[0]), images.sliced(axis: 0, shape[0]..<2 * shape[0])
    )
    return (posterior, latents, copies.reshaped(to: shape), fresh.reshaped(to: shape))
  }
}
