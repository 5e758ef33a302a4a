extension Tensor {
  /// The same elements under another shape of as many elements.
  public func reshaped(to shape: Shape) -> Tensor {
    if graph.options.simplifies {
      if shape == self.shape { return self }
      if operation is Reshape { return inputs[0].reshaped(to: shape) }
    }
    return graph.apply(Reshape(target: shape), to: [self])
  }

  /// Axes in another order: result axis i is axis `permutation[i]` of this.
  public func transposed(_ permutation: [Int]) -> Tensor {
    if graph.options.simplifies, !shape.isUnknown {
      if permutation == Array(0..<rank) { return self }
      if let inner = operation as? Transpose, permutation.count == rank,
        permutation.allSatisfy(inner.permutation.indices.contains)
      {
        return inputs[0].transposed(permutation.map { inner.permutation[$0] })
      }
    }
    return graph.apply(Transpose(permutation: permutation), to: [self])
  }

  /// The last two axes exchanged.
  public func transposed() -> Tensor {
    guard rank >= 2 else { return failing("transpose", "no two axes to exchange") }
    var order = Array(0..<rank)
    order.swapAt(order.count - 1, order.count - 2)
    return transposed(order)
  }

  /// Stretched to a shape under the rules of broadcasting.
  public func broadcast(to shape: Shape) -> Tensor {
    if graph.options.simplifies, shape == self.shape { return self }
    return graph.apply(Broadcast(target: shape), to: [self])
  }

  /// Every `step`-th element along each axis, from `starts` on, `extents` of them; backwards where
  /// a step is negative.
  public func sliced(starts: [Int], extents: [Int], steps: [Int]? = nil) -> Tensor {
    let steps = steps ?? [Int](repeating: 1, count: starts.count)
    return graph.apply(Slice(starts: starts, extents: extents, steps: steps), to: [self])
  }

  /// A range along one axis.
  public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    guard let axis = normalized(axis) else { return failing("slice", "no axis \(axis)") }
    var starts = [Int](repeating: 0, count: rank)
    starts[axis] = range.lowerBound
    return sliced(
      starts: starts, extents: shape.replacing(axis: axis, with: range.count).dimensions)
  }

  /// Tensors laid end to end along an axis; negative axes count from the end.
  public static func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
    precondition(!tensors.isEmpty, "concatenate: no tensors")
    let first = tensors[0]
    guard let axis = first.normalized(axis) else {
      return first.failing("concatenate", "no axis \(axis)")
    }
    if tensors.count == 1, first.graph.options.simplifies { return first }
    return first.graph.apply(Concatenate(axis: axis), to: tensors)
  }

  /// All axes from `axis` on as one.
  public func flattened(from axis: Int = 1) -> Tensor {
    guard axis >= 0, axis <= rank, !shape.isUnknown else {
      return failing("flatten", "no axis \(axis)")
    }
    let kept = Array(shape.dimensions[..<axis])
    return reshaped(to: Shape(kept + [shape.dimensions[axis...].reduce(1, *)]))
  }

  /// The axis counted from the front, or nil when there is none such.
  func normalized(_ axis: Int) -> Int? {
    let place = axis < 0 ? axis + rank : axis
    return place >= 0 && place < rank ? place : nil
  }

  /// The axes counted from the front, ascending; all of them when none are named. Nil when there is
  /// none such, or one is named twice.
  func normalized(_ axes: [Int]?) -> [Int]? {
    guard let axes else { return Array(0..<rank) }
    let places = Set(axes.compactMap { normalized($0) }).sorted()
    return places.count == axes.count ? places : nil
  }

  /// A tensor of unknown shape in place of an operation that this tensor has the wrong shape for:
  /// "[shape] has [what]". One that is unknown already stays as it is.
  public func failing(_ operation: String, _ what: String) -> Tensor {
    shape.isUnknown ? self : graph.fail(ShapeError(operation, "\(shape) has \(what)"))
  }
}
