import NeuralNetworks
import Randomness
import TensorEngine

/// A ladder of two layers of latent points (Sønderby et al., "Ladder variational autoencoders", 2016): the
/// upper one has a standard normal prior, the lower one a normal prior that the upper one gives, and a
/// posterior that joins this prior with what the encoder sees, weighted by their precisions.
///
/// A latent point of this model is the upper point, then by how many deviations the lower one is from its
/// prior's mean: under the prior all numbers are standard normal.
///
/// Differs from the paper: two layers; no batch normalisation.
struct HierarchicalVAE: WeightedModel {
  private var encoder: [AnyLayer]
  private var lower: Heads
  private var upperEncoder: [AnyLayer]
  private var upper: Heads
  private var priorBody: [AnyLayer]
  private var priorHeads: Heads
  private var decoder: Decoder
  private let kl: KLConfiguration
  private let sizes: [Int]

  static let fields: [Field<HierarchicalVAE>] = [
    .module("encoder", \.encoder), .module("lower", \.lower),
    .module("upperEncoder", \.upperEncoder), .module("upper", \.upper),
    .module("priorBody", \.priorBody), .module("prior", \.priorHeads),
    .module("decoder", \.decoder),
  ]

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    let coders = Coders(configuration, image: samples.image)
    sizes = [configuration.upperLatentSize, configuration.latentSize]
    kl = configuration.kl
    let width: Int
    (encoder, width) = coders.encoder(&random)
    lower = Heads(width, sizes[1], &random)
    let within = configuration.hidden.last ?? width
    upperEncoder = coders.dense([width, within], &random)
    upper = Heads(within, sizes[0], &random)
    priorBody = coders.dense([sizes[0], within], &random)
    priorHeads = Heads(within, sizes[1], &random)
    decoder = Decoder(coders.decoder(from: sizes[1], &random), configuration)
  }

  var latentSize: Int { sizes[0] + sizes[1] }

  func terms(of batch: ImageBatch) -> [Term] {
    let features = features(batch)
    let ofUpper = upperPosterior(features, batch.mode)
    let upperPoint = ofUpper.point(batch.noise(ofUpper.mean.shape, "upper posterior"))
    let prior = lowerPrior(upperPoint, batch.mode)
    let ofLower = lowerPosterior(features, prior, batch.mode)
    let point = ofLower.point(batch.noise(ofLower.mean.shape))
    let upperKL = ofUpper.divergences
    let lowerKL = ofLower.divergences(from: prior)
    return [
      Term(
        name: "reconstruction",
        values: decoder.negativeLog(of: batch.images, given: point, mode: batch.mode)),
      kl.term(Tensor.concatenate([upperKL, lowerKL], axis: 1), mode: batch.mode),
      Term(name: "upperKL", values: upperKL.sum(axes: [1]), weight: 0),
    ]
  }

  func encode(_ batch: ImageBatch) -> Tensor {
    whitenedPosterior(of: batch) { $0.mean }.mean
  }

  func draw(_ batch: ImageBatch) -> Tensor { weightedPoint(of: batch).latents }

  func weighted(
    _ batch: ImageBatch
  ) -> (posterior: Posterior, latents: Tensor, logWeight: Tensor) {
    let (posterior, latents) = weightedPoint(of: batch)
    let parts = latents.split(sizes: sizes, axis: 1)
    let point = lowerPrior(parts[0], batch.mode).point(parts[1])
    let reconstruction = decoder.negativeLog(of: batch.images, given: point, mode: batch.mode)
    let ratio =
      Posterior.standardLogDensities(of: latents) - posterior.logDensities(of: latents)
    return (posterior, latents, ratio.sum(axes: [1]) - reconstruction)
  }

  private func weightedPoint(of batch: ImageBatch) -> (posterior: Posterior, latents: Tensor) {
    let noise = batch.noise([batch.count, latentSize])
    let parts = noise.split(sizes: sizes, axis: 1)
    let posterior = whitenedPosterior(of: batch) { $0.point(parts[0]) }
    return (posterior, posterior.point(noise))
  }

  /// The posterior of latent points, the lower ones given an upper one: whitening divides both densities
  /// of a lower point by the same number.
  ///
  /// - Parameter choose: the upper point of its posterior.
  private func whitenedPosterior(
    of batch: ImageBatch, choose: (Posterior) -> Tensor
  ) -> Posterior {
    let features = features(batch)
    let ofUpper = upperPosterior(features, batch.mode)
    let prior = lowerPrior(choose(ofUpper), batch.mode)
    let ofLower = lowerPosterior(features, prior, batch.mode)
    let whitened = (ofLower.mean - prior.mean) * (-0.5 * prior.logVariance).exp()
    return Posterior(
      mean: Tensor.concatenate([ofUpper.mean, whitened], axis: 1),
      logVariance: Tensor.concatenate(
        [ofUpper.logVariance, ofLower.logVariance - prior.logVariance], axis: 1))
  }

  func decode(_ latents: Tensor, mode: Mode) -> Tensor {
    let parts = latents.split(sizes: sizes, axis: 1)
    return decoder.means(lowerPrior(parts[0], mode).point(parts[1]), mode: mode)
  }

  private func features(_ batch: ImageBatch) -> Tensor {
    batch.graph.scoped("encoder") { encoder(batch.images, mode: batch.mode) }
  }

  private func upperPosterior(_ features: Tensor, _ mode: Mode) -> Posterior {
    let graph = features.graph
    let hidden = graph.scoped("upperEncoder") { upperEncoder(features, mode: mode) }
    return graph.scoped("upper") { upper(hidden, mode) }
  }

  /// The prior of the lower points, given upper ones.
  private func lowerPrior(_ upperPoint: Tensor, _ mode: Mode) -> Posterior {
    let graph = upperPoint.graph
    let hidden = graph.scoped("priorBody") { priorBody(upperPoint, mode: mode) }
    return graph.scoped("prior") { priorHeads(hidden, mode) }
  }

  private func lowerPosterior(_ features: Tensor, _ prior: Posterior, _ mode: Mode) -> Posterior {
    let seen = features.graph.scoped("lower") { lower(features, mode) }
    let precisions = ((-seen.logVariance).exp(), (-prior.logVariance).exp())
    let precision = precisions.0 + precisions.1
    return Posterior(
      mean: (seen.mean * precisions.0 + prior.mean * precisions.1) / precision,
      logVariance: -precision.log())
  }
}

/// The mean and log variance of a normal distribution, from features.
private struct Heads: Module {
  var mean: Dense
  var logVariance: Dense

  static let fields: [Field<Heads>] = [
    .module("mean", \.mean), .module("logVariance", \.logVariance),
  ]

  init(_ inputs: Int, _ size: Int, _ random: inout RandomStream) {
    mean = Dense(inputs, size, random: &random)
    logVariance = Dense(inputs, size, random: &random)
  }

  func callAsFunction(_ features: Tensor, _ mode: Mode) -> Posterior {
    let graph = features.graph
    return Posterior(
      mean: graph.layer("mean", kind: mean.kind) { mean(features, mode: mode) },
      logVariance: graph.layer("logVariance", kind: logVariance.kind) {
        logVariance(features, mode: mode)
      })
  }
}
