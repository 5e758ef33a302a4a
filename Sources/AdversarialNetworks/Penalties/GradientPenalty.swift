import TensorEngine

/// (‖∇score‖ - 1)² at random places between real and made samples (Gulrajani et al., "Improved
/// training of Wasserstein GANs", 2017).
///
/// Differs from the paper: nothing.
func gradientPenalty(real: Tensor, fake: Tensor, score: (Tensor) -> Tensor) -> Tensor {
  let ones = [Int](repeating: 1, count: real.rank - 1)
  let share = real.graph.randomUniform(Shape([real.shape[0]] + ones), stream: "penalty places")
  let places = (share * real + (1 - share) * fake).stopGradient()
  return Tensor.squaredSlopes(at: places, score).distanceFromOne.mean()
}
