import TensorEngine

/// A style is its patches of 3x3 features; each patch of the picture is to be like the one it most
/// resembles (Li and Wand, "Combining Markov random fields and convolutional neural networks for
/// image synthesis", 2016).
///
/// Differs from the paper: patches of the style as it is, neither turned nor scaled; a distance is
/// relative to the style's mean patch.
struct PatchStatistics: StyleStatistics {
  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor { patches(of: features) }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    let patches = patches(of: features)
    let lengths = (target.square().sum(axes: [1], keepsAxes: true) + 1e-12).rsqrt()
    let likeness = patches.stopGradient().matmul((target * lengths).transposed())
    let nearest = target.gathered(at: likeness.argmax(axis: 1))
    let ownSize = target.squaredSize / Double(target.shape[0])
    return (patches - nearest).square().sum() / (ownSize * Double(patches.shape[0]))
  }

  /// All patches of features [1, C, H, W], one a row: [(H - 2)(W - 2), 9 C]. Of fewer than 3 rows or
  /// columns, each place by itself.
  private func patches(of features: Tensor) -> Tensor {
    let (channels, height, width) = (features.shape[1], features.shape[2], features.shape[3])
    let side = min(height, width) < 3 ? 1 : 3
    let (rows, columns) = (height - side + 1, width - side + 1)
    let shifted = (0..<side * side).map { place in
      features.sliced(
        starts: [0, 0, place / side, place % side], extents: [1, channels, rows, columns])
    }
    return Tensor.concatenate(shifted, axis: 1)
      .reshaped(to: [side * side * channels, rows * columns]).transposed()
  }
}
