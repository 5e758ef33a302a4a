import TensorEngine

/// (‖∇score‖ - 1)² around real samples (Kodali et al., "On convergence and stability of GANs",
/// 2017, DRAGAN): each is moved by even noise of half the deviation of all numbers of the batch.
///
/// Differs from the paper: as in its code, the noise is even and not normal.
func perturbedPenalty(real: Tensor, score: (Tensor) -> Tensor) -> Tensor {
  let noise = real.graph.randomUniform(real.shape, stream: "penalty places")
  let places = (real + 0.5 * real.variance().sqrt() * noise).stopGradient()
  return Tensor.squaredSlopes(at: places, score).distanceFromOne.mean()
}
