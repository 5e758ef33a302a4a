import TensorEngine

/// The mean of each window of lines [N, C, W].
public struct AveragePooling1D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow
  /// Whether padded places count as zeros, or not at all.
  public let countsPadding: Bool

  /// It has no parameters.
  public static var fields: [Field<AveragePooling1D>] { [] }

  /// - Parameters:
  ///   - size: places of the window.
  ///   - stride: distance between windows; their size when nil.
  ///   - countsPadding: whether padded places count as zeros (as in PyTorch), or not at all (as in
  ///     Keras).
  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true
  ) {
    window = PoolingWindow(size, stride: stride, padding: padding)
    self.countsPadding = countsPadding
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 1) { $0.averagePooled(window, countsPadding: countsPadding) }
  }
}

/// The mean of each window of images [N, C, H, W].
public struct AveragePooling2D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow
  /// Whether padded places count as zeros, or not at all.
  public let countsPadding: Bool

  /// It has no parameters.
  public static var fields: [Field<AveragePooling2D>] { [] }

  /// - Parameters:
  ///   - size: the window's height and width, in pixels.
  ///   - stride: distance between windows; their size when nil.
  ///   - countsPadding: whether padded places count as zeros (as in PyTorch), or not at all (as in
  ///     Keras).
  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true
  ) {
    window = PoolingWindow(size, stride: stride, padding: padding)
    self.countsPadding = countsPadding
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 2) { $0.averagePooled(window, countsPadding: countsPadding) }
  }
}

/// The mean of each window of volumes [N, C, D, H, W].
public struct AveragePooling3D: Layer {
  /// The window: its size, steps and padding.
  public let window: PoolingWindow
  /// Whether padded places count as zeros, or not at all.
  public let countsPadding: Bool

  /// It has no parameters.
  public static var fields: [Field<AveragePooling3D>] { [] }

  /// - Parameters:
  ///   - size: the window's depth, height and width.
  ///   - stride: distance between windows; their size when nil.
  ///   - countsPadding: whether padded places count as zeros (as in PyTorch), or not at all (as in
  ///     Keras).
  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true
  ) {
    window = PoolingWindow(size, stride: stride, padding: padding)
    self.countsPadding = countsPadding
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.pooled(kind, axes: 3) { $0.averagePooled(window, countsPadding: countsPadding) }
  }
}
