import Experiments
import Randomness
import TensorEngine

/// InfoVAE (Zhao, Song and Ermon, "InfoVAE: balancing learning and inference in variational autoencoders",
/// 2019): the latent points of all images together are drawn to the prior by their maximum mean
/// discrepancy, and the divergence of each posterior counts less. With `kl.weight` 0 it is the
/// Wasserstein autoencoder WAE-MMD (Tolstikhin, Bousquet, Gelly and Schölkopf, 2018).
///
/// Differs from the papers: the kernel is the second one's inverse multiquadratic of one scale; its
/// estimate is over one batch; WAE's encoder keeps a variance.
struct InfoVAE: GaussianModel {
  var network: GaussianNetwork
  private let kl: KLConfiguration
  private let weight: Double

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = GaussianNetwork(configuration, samples, random: &random)
    kl = configuration.kl
    weight = configuration.discrepancyWeight
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let (posterior, latents, reconstruction) = reconstruction(of: batch)
    let drawn = batch.noise(latents.shape, "prior")
    return [
      reconstruction, kl.term(divergence(posterior, at: latents), mode: batch.mode),
      Term(
        name: "discrepancy", values: Self.discrepancy(latents, drawn), weight: weight),
    ]
  }

  /// The squared maximum mean discrepancy of two sets of N points, without bias, so that it can be
  /// negative (Gretton et al., "A kernel two-sample test", 2012, equation 3). The kernel is
  /// C / (C + |x - y|²) with C twice the number of dimensions, the mean squared distance of points of
  /// the prior (Tolstikhin et al., section 4).
  private static func discrepancy(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (count, scale) = (Double(a.shape[0]), 2 * Double(a.shape[1]))
    func kernel(_ x: Tensor, _ y: Tensor) -> Tensor {
      let lengths = (x.square().sum(axes: [1], keepsAxes: true), y.square().sum(axes: [1]))
      // Rounding can make the distance of a point from itself negative.
      let squares = (lengths.0 + lengths.1 - 2 * x.matmul(y.transposed())).relu()
      return scale / (squares + scale)
    }
    // A point has distance 0 from itself, where the kernel is 1.
    func within(_ x: Tensor) -> Tensor { (kernel(x, x).sum() - count) / (count * (count - 1)) }
    return within(a) + within(b) - 2 * kernel(a, b).mean()
  }
}
