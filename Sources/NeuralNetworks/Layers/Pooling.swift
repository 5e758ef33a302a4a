import TensorEngine

/// The greatest number of each window of lines [N, C, W].
public struct MaxPooling1D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow

  /// It has no parameters.
  public static var fields: [Field<MaxPooling1D>] { [] }

  /// - Parameters:
  ///   - size: places of the window.
  ///   - stride: distance between windows; their size when nil.
  public init(_ size: Int, stride: Int? = nil, padding: Padding = .valid) {
    window = PoolingWindow(size, stride: stride, padding: padding)
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 1) { $0.maxPooled(window) }
  }
}

/// The greatest number of each window of images [N, C, H, W].
public struct MaxPooling2D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow

  /// It has no parameters.
  public static var fields: [Field<MaxPooling2D>] { [] }

  /// - Parameters:
  ///   - size: the window's height and width, in pixels.
  ///   - stride: distance between windows; their size when nil.
  public init(_ size: Int, stride: Int? = nil, padding: Padding = .valid) {
    window = PoolingWindow(size, stride: stride, padding: padding)
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 2) { $0.maxPooled(window) }
  }

  /// The greatest numbers, and where they were, for a `MaxUnpooling2D` to put them back.
  public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
    x.maxPooledWithIndices(window)
  }
}

/// The greatest number of each window of volumes [N, C, D, H, W].
public struct MaxPooling3D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow

  /// It has no parameters.
  public static var fields: [Field<MaxPooling3D>] { [] }

  /// - Parameters:
  ///   - size: the window's depth, height and width.
  ///   - stride: distance between windows; their size when nil.
  public init(_ size: Int, stride: Int? = nil, padding: Padding = .valid) {
    window = PoolingWindow(size, stride: stride, padding: padding)
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 3) { $0.maxPooled(window) }
  }
}

/// The opposite of a `MaxPooling2D`: each number where the greatest of its window was, and zeros
/// elsewhere (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014).
public struct MaxUnpooling2D: Module {
  /// The window's height and width, in pixels.
  public let size: Int
  /// Distance between windows.
  public let stride: Int

  /// It has no parameters.
  public static var fields: [Field<MaxUnpooling2D>] { [] }

  /// - Parameters:
  ///   - size: the window's height and width, in pixels.
  ///   - stride: distance between windows; their size when nil.
  public init(_ size: Int, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: [N, C, H, W]
  ///   - indices: of the same shape, from `MaxPooling2D.withIndices`.
  ///   - extents: height and width of the images that were pooled; the least that give H and W when
  ///     nil.
  public func callAsFunction(_ x: Tensor, indices: Tensor, extents: [Int]? = nil) -> Tensor {
    let least = x.shape.dimensions.dropFirst(2).map { ($0 - 1) * stride + size }
    return x.maxUnpooled(to: extents ?? least, at: indices)
  }
}

/// The mean of each channel of [N, C, ...]: [N, C].
public struct GlobalAveragePooling: Layer {
  /// It has no parameters.
  public static var fields: [Field<GlobalAveragePooling>] { [] }

  /// The layer.
  public init() {}

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.globalAveragePooled() }
}

/// The greatest number of each channel of [N, C, ...]: [N, C].
public struct GlobalMaxPooling: Layer {
  /// It has no parameters.
  public static var fields: [Field<GlobalMaxPooling>] { [] }

  /// The layer.
  public init() {}

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.globalMaxPooled() }
}

extension Tensor {
  /// Pooled, if it has so many axes of pixels.
  func pooled(_ layer: String, axes: Int, _ pool: (Tensor) -> Tensor) -> Tensor {
    rank == axes + 2
      ? pool(self) : failing(layer, "not [N, C] and \(axes) axes of pixels")
  }
}
