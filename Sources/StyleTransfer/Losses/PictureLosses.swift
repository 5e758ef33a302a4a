import TensorEngine

/// Losses of pictures and their features, besides those of style.
enum PictureLosses {
  /// How far features are from those of the content: 0 for the content itself and 1 for nothing.
  static func content(_ features: Tensor, _ target: Tensor) -> Tensor {
    features.relativeDistance(to: target)
  }

  /// The mean squared differences between the neighbours of images [N, C, H, W], down and across
  /// (Mahendran and Vedaldi, "Understanding deep image representations by inverting them", 2015).
  static func variation(_ images: Tensor) -> Tensor { images.neighbourDifferences.mean() }

  /// Features with their peaks evened out: a softmax over all of them, of mean 1 (Wang, Li and
  /// Vasconcelos, "Rethinking and improving the robustness of image style transfer", 2021). Networks
  /// with residuals have few and high peaks, which Gram matrices follow alone.
  static func smoothed(_ features: Tensor) -> Tensor {
    let axes = Array(1..<features.rank)
    let shares = (features - features.max(axes: axes, keepsAxes: true).stopGradient()).exp()
    return shares / shares.mean(axes: axes, keepsAxes: true)
  }
}

extension Tensor {
  /// The squared difference of each of N to its target over the target's own square: [N].
  func relativeDistances(to target: Tensor) -> Tensor {
    let axes = Array(1..<rank)
    let size = target.square().sum(axes: axes).stopGradient().maximum(1e-12)
    return (self - target).square().sum(axes: axes) / size
  }

  /// The mean squared differences between the neighbours of each of some images [N, C, H, W], down
  /// and across together: [N].
  var neighbourDifferences: Tensor {
    [2, 3].reduce(graph.constant([Double](repeating: 0, count: shape[0]), shape: [shape[0]])) {
      sum, axis in
      let extent = shape[axis]
      guard extent > 1 else { return sum }
      let steps = sliced(axis: axis, 1..<extent) - sliced(axis: axis, 0..<extent - 1)
      return sum + steps.square().mean(axes: [1, 2, 3])
    }
  }
}
