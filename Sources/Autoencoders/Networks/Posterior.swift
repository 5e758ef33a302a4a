import NeuralNetworks
import RealModule
import TensorEngine

/// Normal distributions of diagonal covariance: mean and log variance, [N, size] each.
struct Posterior {
  let mean: Tensor
  let logVariance: Tensor

  /// A point of each, by the reparameterisation of Kingma and Welling 2014.
  ///
  /// - Parameter noise: standard normal numbers of a shape that both broadcast to.
  func point(_ noise: Tensor) -> Tensor {
    mean.graph.scoped("latents") { mean + (0.5 * logVariance).exp() * noise }
  }

  /// The divergence of each number from the standard normal distribution, in nats, [N, size].
  var divergences: Tensor {
    mean.graph.scoped("loss") { Losses.gaussianKL(mean: mean, logVariance: logVariance) }
  }

  /// The divergence of each number from another normal distribution, in nats, [N, size].
  func divergences(from other: Posterior) -> Tensor {
    let ratio = logVariance - other.logVariance
    let distance = (mean - other.mean).square() * (-other.logVariance).exp()
    return 0.5 * (distance + ratio.expm1() - ratio)
  }

  /// The logarithm of the density of each number of latent points, in nats.
  func logDensities(of latents: Tensor) -> Tensor {
    let distance = (latents - mean).square() * (-logVariance).exp()
    return -0.5 * (distance + logVariance + Double.log(2 * .pi))
  }

  /// The logarithm of the density of each number under the standard normal distribution, in nats.
  static func standardLogDensities(of latents: Tensor) -> Tensor {
    -0.5 * (latents.square() + Double.log(2 * .pi))
  }
}
