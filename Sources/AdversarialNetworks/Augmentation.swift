import TensorEngine

extension Tensor {
  /// Images [N, C, H, W] as the discriminator sees them: each one's brightness and contrast changed,
  /// moved over grey, and a square of it cut out, all by its own random numbers (Zhao et al.,
  /// "Differentiable augmentation for data-efficient GAN training", 2020). Gradients flow through.
  ///
  /// Differs from the paper: no change of saturation, of which grey images have none.
  ///
  /// - Parameter stream: what the names of the random streams begin with.
  public func augmented(by configuration: AugmentationConfiguration, stream: String) -> Tensor {
    var images = self
    if configuration.brightness > 0 {
      images = images + configuration.brightness * (even("\(stream) brightness") - 0.5)
    }
    if configuration.contrast > 0 {
      let mean = images.mean(axes: [1, 2, 3], keepsAxes: true)
      let factor = 1 + configuration.contrast * (even("\(stream) contrast") - 0.5)
      images = mean + factor * (images - mean)
    }
    if configuration.translation > 0 {
      images = images.moved(byUpTo: configuration.translation, stream: stream)
    }
    if configuration.cutout > 0 {
      images = images.withoutSquare(ofShare: configuration.cutout, stream: stream)
    }
    return images
  }

  /// Even numbers in 0 ..< 1, one an image.
  private func even(_ stream: String) -> Tensor {
    graph.randomUniform([shape[0], 1, 1, 1], stream: stream)
  }

  /// A whole number for each image, even in 0 ... most.
  private func wholeNumber(upTo most: Int, _ stream: String) -> Tensor {
    (even(stream) * Double(most + 1)).floor()
  }

  private func moved(byUpTo share: Double, stream: String) -> Tensor {
    let (height, width) = (shape[2], shape[3])
    /// Matrices [N, C, extent, extent], one a move: 1 where a place comes from another.
    func moves(_ extent: Int, _ stream: String) -> Tensor {
      let most = Int((share * Double(extent)).rounded())
      let move = wholeNumber(upTo: 2 * most, stream) - Double(most)
      let distances = (0..<extent * extent).map { Double($0 / extent - $0 % extent) }
      return graph.constant(distances, shape: [1, 1, extent, extent]).isEqual(to: move)
        .broadcast(to: [shape[0], shape[1], extent, extent])
    }
    return moves(height, "\(stream) rows").matmul(self)
      .matmul(moves(width, "\(stream) columns").transposed())
  }

  private func withoutSquare(ofShare share: Double, stream: String) -> Tensor {
    /// 1 where a place is within the cut.
    func cut(_ extent: Int, _ stream: String, shape: Shape) -> Tensor {
      let size = Int((share * Double(extent)).rounded())
      // The square may leave the image by half.
      let start = wholeNumber(upTo: extent, stream) - Double(size / 2)
      let places = graph.constant((0..<extent).map { Double($0) }, shape: shape) - start
      return places.isGreaterOrEqual(to: graph.constant(0)) * places.isLess(than: Double(size))
    }
    let rows = cut(shape[2], "\(stream) cut rows", shape: [1, 1, shape[2], 1])
    let columns = cut(shape[3], "\(stream) cut columns", shape: [1, 1, 1, shape[3]])
    return self * (1 - rows * columns)
  }
}
