import NeuralNetworks
import TensorEngine

/// A convolution with as many zeros around its images as give ⌈extent / stride⌉ windows; where
/// their number is odd, the end gets one more (TensorFlow's rule).
struct SamePaddedConvolution: Layer {
  private var convolution: Conv2D

  static let fields: [Field<SamePaddedConvolution>] = []

  /// - Parameter convolution: whose padding is chosen by the images.
  init(_ convolution: Conv2D) { self.convolution = convolution }

  var kind: String { convolution.kind }

  /// The convolution's parameters are walked in its place.
  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    convolution.walkParameters(at: path, visit)
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    var fitted = convolution
    for axis in 0..<2 {
      let extent = x.shape[2 + axis]
      let (kernel, stride) = (convolution.weight.shape[2 + axis], convolution.geometry.stride[axis])
      let windows = (extent + stride - 1) / stride
      let total = max((windows - 1) * stride + kernel - extent, 0)
      fitted.geometry.padding[axis] = total / 2
      fitted.geometry.padding[axis + 2] = total - total / 2
    }
    return fitted(x, mode: mode)
  }
}

/// The greatest number of each window.
struct WindowMaximum: Layer {
  static let fields: [Field<WindowMaximum>] = []

  /// The window and what surrounds the image.
  let window: PoolingWindow

  var kind: String { "MaxPooling2D" }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.maxPooled(window) }
}

/// The mean of each window.
struct WindowMean: Layer {
  static let fields: [Field<WindowMean>] = []

  /// The window.
  let window: PoolingWindow

  var kind: String { "AveragePooling2D" }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.averagePooled(window) }
}

/// min(max(x, 0), 6), made for small integers (Krizhevsky, "Convolutional deep belief networks on
/// CIFAR-10", 2010).
struct ReLU6: Layer {
  static let fields: [Field<ReLU6>] = []

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.relu().minimum(6) }
}

/// The mean of each channel, [N, C, H, W] to [N, C].
struct GlobalAveragePooling: Layer {
  static let fields: [Field<GlobalAveragePooling>] = []

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.globalAveragePooled() }
}

/// The means of `side` x `side` windows that share an image of any size evenly, as PyTorch's
/// adaptive pooling cuts them: window i covers pixels ⌊i · extent / side⌋ ..< ⌈(i + 1) · extent /
/// side⌉.
struct AdaptiveAveragePooling: Layer {
  static let fields: [Field<AdaptiveAveragePooling>] = []

  /// Windows along each axis.
  let side: Int

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let rows =
      x.shape[2] == side ? x : averaged(x.transposed([0, 1, 3, 2])).transposed([0, 1, 3, 2])
    return x.shape[3] == side ? rows : averaged(rows)
  }

  /// The means along the last axis.
  private func averaged(_ x: Tensor) -> Tensor {
    let extent = x.shape[3]
    var shares = [Double](repeating: 0, count: extent * side)
    for window in 0..<side {
      let pixels = window * extent / side..<((window + 1) * extent + side - 1) / side
      for pixel in pixels { shares[pixel * side + window] = 1 / Double(pixels.count) }
    }
    return x.matmul(x.graph.constant(shares, shape: [extent, side]))
  }
}
