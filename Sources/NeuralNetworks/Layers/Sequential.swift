import TensorEngine

/// Layers applied one after another, each of its own type: `Sequential(Conv2D(...), Flatten())`.
public struct Sequential<each Part: Layer>: Layer {
  /// The layers in order.
  public var parts: (repeat each Part)

  /// Joins layers.
  public init(_ parts: repeat each Part) {
    self.parts = (repeat each parts)
  }

  /// Its layers are walked by their place instead.
  public static var fields: [Field<Self>] { [] }

  /// Visits each layer's parameters under its place.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    var index = 0
    func walked<One: Layer>(_ part: One) -> One {
      var part = part
      part.walkParameters(at: partPath(path, "\(index)"), visit)
      index += 1
      return part
    }
    parts = (repeat walked(each parts))
  }

  /// Applies the layers one after another.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    var y = x
    var index = 0
    for part in repeat each parts {
      y = y.graph.layer("\(index)", kind: part.kind) { part(y, mode: mode) }
      index += 1
    }
    return y
  }

  /// What each layer makes of the same tensor, instead.
  func branched(_ x: Tensor, mode: Mode) -> [Tensor] {
    var results: [Tensor] = []
    for part in repeat each parts {
      results.append(
        x.graph.layer("\(results.count)", kind: part.kind) { part(x, mode: mode) })
    }
    return results
  }
}
