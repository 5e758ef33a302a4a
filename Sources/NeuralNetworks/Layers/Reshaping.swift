import TensorEngine

/// All axes but the batch as one: [N, C, H, W] to [N, C·H·W].
public struct Flatten: Layer {
  /// It has no parameters.
  public static var fields: [Field<Flatten>] { [] }

  /// The layer.
  public init() {}

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.flattened() }
}

/// Each row of the batch under another shape of as many elements.
public struct Reshape: Layer {
  /// The shape of one row, without the batch.
  public let rowShape: Shape

  /// It has no parameters.
  public static var fields: [Field<Reshape>] { [] }

  /// - Parameter rowShape: the shape of one row, without the batch.
  public init(_ rowShape: Shape) { self.rowShape = rowShape }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.reshaped(to: Shape([x.shape[0]] + rowShape.dimensions))
  }
}
