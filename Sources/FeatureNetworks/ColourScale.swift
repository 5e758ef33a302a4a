import TensorEngine

/// The colours that a network is used to: what of red, green and blue, 0 ... 1, becomes 0, and what
/// becomes 1.
struct ColourScale: Sendable {
  /// The means of red, green and blue.
  let mean: [Double]
  /// The deviations of red, green and blue.
  let deviation: [Double]

  /// The statistics of ImageNet's photographs, as torchvision's networks take them.
  static let imageNet = ColourScale(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  /// (byte - 127) / 128, as TensorFlow's EfficientNet-Lite takes them.
  static let centred = ColourScale(
    mean: [127.0 / 255, 127.0 / 255, 127.0 / 255],
    deviation: [128.0 / 255, 128.0 / 255, 128.0 / 255])

  /// Images [N, 3, H, W] in 0 ... 1, with the mean at 0 and the deviation 1.
  func callAsFunction(_ images: Tensor) -> Tensor {
    func channels(_ values: [Double]) -> Tensor {
      images.graph.constant(values, shape: [1, 3, 1, 1])
    }
    return (images - channels(mean)) / channels(deviation)
  }
}
