import TensorEngine

/// A layer applied to every step of sequences by itself: [N, T, ...] to [N, T, ...].
public struct TimeDistributed<Base: Layer>: Layer {
  /// What is applied to [N · T, ...].
  public var layer: Base

  /// The layer's parameters.
  public static var fields: [Field<TimeDistributed>] { [.module("layer", \.layer)] }

  /// The name with that of the layer.
  public var kind: String { "TimeDistributed \(layer.kind)" }

  /// Wraps a layer.
  public init(_ layer: Base) { self.layer = layer }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let (count, steps) = (x.shape[0], x.rank > 1 ? x.shape[1] : 0)
    let inner = x.rank > 1 ? Array(x.shape.dimensions.dropFirst(2)) : [1]
    let y = layer(x.reshaped(to: Shape([count * steps] + inner)), mode: mode)
    return y.reshaped(to: Shape([count, steps] + y.shape.dimensions.dropFirst()))
  }
}
