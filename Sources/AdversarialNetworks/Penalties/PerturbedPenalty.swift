import TensorEngine

/// (‖∇score‖ - 1)² around real samples (Kodali et al., "On convergence and stability of GANs",
/// 2017, DRAGAN): at a random place on the way from each to itself with even noise of half the
/// deviation of all numbers of the batch.
///
/// Differs from the paper: the noise is even, 0 ... 1, as in the authors' code, and not normal.
func perturbedPenalty(real: Tensor, score: (Tensor) -> Tensor) -> Tensor {
  let ones = [Int](repeating: 1, count: real.rank - 1)
  let share = real.graph.randomUniform(Shape([real.shape[0]] + ones), stream: "penalty places")
  let noise = real.graph.randomUniform(real.shape, stream: "penalty noise")
  let places = (real + share * (0.5 * real.variance().sqrt() * noise)).stopGradient()
  return Tensor.squaredSlopes(at: places, score).distanceFromOne.mean()
}
