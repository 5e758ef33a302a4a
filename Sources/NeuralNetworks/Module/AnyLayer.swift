import TensorEngine

/// A layer of any type, for networks whose layers a configuration chooses.
public struct AnyLayer: Layer {
  private var base: any Layer

  /// Wraps a layer.
  public init(_ base: some Layer) { self.base = base }

  /// The wrapped layer's parameters are walked in its place.
  public static var fields: [Field<AnyLayer>] { [] }

  /// Visits the wrapped layer's parameters.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    base.walkParameters(at: path, visit)
  }

  /// Applies the wrapped layer.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { base(x, mode: mode) }

  /// The wrapped layer's type.
  public var kind: String { base.kind }
}
