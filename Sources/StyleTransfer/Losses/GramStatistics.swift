import TensorEngine

/// A style is how often its features occur together: their Gram matrix (Gatys, Ecker and Bethge,
/// "Image style transfer using convolutional neural networks", 2016). In a region each place counts
/// as much as it belongs to it (Gatys et al., "Controlling perceptual factors", 2017).
///
/// Differs from the paper: a distance is relative to the style's own matrix.
struct GramStatistics: StyleStatistics {
  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor {
    guard let places else { return features.gramMatrix }
    let flat = features.flattened(from: 2)
    let weighted = flat * places.weights.flattened(from: 2)
    return weighted.matmul(flat.transposed()) / Double(features.shape[1])
  }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    self.target(of: features, places).relativeDistance(to: target)
  }
}

extension Tensor {
  /// How the channels of features [N, C, H, W] go together: [N, C, C], divided by C·H·W (Gatys,
  /// Ecker and Bethge 2016).
  public var gramMatrix: Tensor {
    let flat = reshaped(to: [shape[0], shape[1], shape[2] * shape[3]])
    return flat.matmul(flat.transposed()) / Double(shape[1] * shape[2] * shape[3])
  }

  /// The squared difference to a target over the target's own square.
  func relativeDistance(to target: Tensor) -> Tensor {
    (self - target).square().sum() / target.squaredSize
  }

  /// The sum of squares, never 0.
  var squaredSize: Tensor { square().sum().stopGradient().maximum(1e-12) }
}
