import TensorEngine

/// The greatest number of each window of images [N, C, H, W].
public struct MaxPooling2D: Layer {
  /// The window's height, width and steps, in pixels.
  public let size: Int

  /// It has no parameters.
  public static var fields: [Field<MaxPooling2D>] { [] }

  /// - Parameter size: the window's height, width and steps, in pixels.
  public init(_ size: Int) { self.size = size }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.maxPooled(PoolingWindow(size)) }
}
