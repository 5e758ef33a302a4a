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

/// Each row of the batch with its axes in another order.
public struct Permute: Layer {
  /// Axis i of the result is axis `axes[i]` of what comes in; the batch is axis 0 and not among them.
  public let axes: [Int]

  /// It has no parameters.
  public static var fields: [Field<Permute>] { [] }

  /// - Parameter axes: each of 1 ... n once: axis i of the result is axis `axes[i]`, as in Keras.
  public init(_ axes: [Int]) {
    precondition(axes.sorted() == Array(1...max(1, axes.count)), "axes \(axes), batch aside")
    self.axes = axes
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.transposed([0] + axes) }
}

/// A function of a tensor as a layer without parameters: `Lambda("square") { $0.square() }`.
public struct Lambda: Layer {
  /// What it is called in tables of layers.
  public let kind: String
  private let function: @Sendable (Tensor) -> Tensor

  /// It has no parameters.
  public static var fields: [Field<Lambda>] { [] }

  /// - Parameters:
  ///   - kind: what it is called in tables of layers.
  ///   - function: what it does, in both modes.
  public init(_ kind: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
    self.kind = kind
    self.function = function
  }

  /// Applies the function; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { function(x) }
}

/// A learnt number for each place of a row of the batch, added to it: the bias of a convolution that
/// is not tied over the pixels.
public struct UntiedBias: Layer {
  /// The shape of a row, without the batch; zeros at first.
  public var bias: Parameter

  /// The parameter.
  public static let fields: [Field<UntiedBias>] = [.parameter("bias", \.bias)]

  /// - Parameter rowShape: the shape of one row, without the batch, such as [C, H, W].
  public init(_ rowShape: Shape) {
    bias = Parameter(TensorValue(repeating: 0, shape: rowShape))
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard x.shape.dimensions.dropFirst() == bias.shape.dimensions[...] else {
      return x.failing(kind, "rows unlike a bias of \(bias.shape)")
    }
    return x + x.graph[bias]
  }
}
