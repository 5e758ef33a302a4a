import TensorEngine

/// ‖∇score‖² / 2 at real samples, R1, or at made ones, R2 (Mescheder, Geiger and Nowozin, "Which
/// training methods for GANs do actually converge?", 2018).
///
/// Differs from the paper: nothing.
func zeroCentredPenalty(at samples: Tensor, score: (Tensor) -> Tensor) -> Tensor {
  0.5 * Tensor.squaredSlopes(at: samples, score).mean()
}
