extension Tensor {
  /// Slices across an axis at the positions that `indices` hold: from [a..., V, b...] by [i...]
  /// comes [a..., i..., b...]. Rows of a table [V, E] are an embedding.
  ///
  /// A position outside 0 ..< V gives what is not a number, so that the mistake shows in what is
  /// computed from it; numbers that are not real give 0.
  public func gathered(at indices: Tensor, axis: Int = 0) -> Tensor {
    guard let axis = normalized(axis) else { return failing("gather", "no axis \(axis)") }
    return graph.apply(Gather(axis: axis, marksMissing: true), to: [self, indices])
  }

  /// The opposite of gathering: slices [a..., i..., b...] added to zeros [a..., extent, b...] at
  /// the positions [i...] of an axis, in order. Slices at positions outside 0 ..< extent are left
  /// out.
  ///
  /// - Parameter axis: the axis of the result that positions count along; negative ones count from
  ///   its end.
  public func scatterAdded(at indices: Tensor, extent: Int, axis: Int = 0) -> Tensor {
    let place = axis < 0 ? axis + rank - indices.rank + 1 : axis
    return graph.apply(ScatterAdd(axis: place, extent: extent), to: [self, indices])
  }

  /// Elements along an axis at positions that differ from line to line: `indices` has the shape of
  /// the result and, but for the axis, of this (NumPy's `take_along_axis`, PyTorch's `gather`).
  /// Positions outside the axis give what is not a number.
  public func takenAlong(axis: Int, at indices: Tensor) -> Tensor {
    guard let axis = normalized(axis) else { return failing("takeAlongAxis", "no axis \(axis)") }
    return graph.apply(TakeAlong(axis: axis, marksMissing: true), to: [self, indices])
  }

  /// The opposite of taking along an axis: each element is added to a zero at its position along
  /// the axis, in order (PyTorch's `scatter_add`). Those at positions outside 0 ..< extent are left
  /// out.
  public func addedAlong(axis: Int, at indices: Tensor, extent: Int) -> Tensor {
    guard let axis = normalized(axis) else { return failing("addAlongAxis", "no axis \(axis)") }
    return graph.apply(AddAlong(axis: axis, extent: extent), to: [self, indices])
  }

  /// For each position [i...] a row [i..., classes] of zeros with a 1 at the position; nothing but
  /// zeros when it is outside 0 ..< classes.
  public func oneHot(classes: Int) -> Tensor {
    // Beyond, whole numbers are not exact in single precision.
    guard classes >= 0, classes <= 1 << 24, type == .index else {
      return failing(
        "oneHot", "\(type) numbers for \(classes) classes; expects positions, for at most 2^24")
    }
    let numbers = graph.constant((0..<classes).map(Double.init), shape: [classes])
    return reshaped(to: Shape(shape.dimensions + [1])).real().isEqual(to: numbers)
  }

  /// The positions of the elements along an axis in ascending or descending order. Equal elements
  /// keep their order; what is not a number counts as the largest.
  public func argsorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    guard let axis = normalized(axis) else { return failing("argsort", "no axis \(axis)") }
    return graph.apply(SortOrder(axis: axis, descends: descending), to: [self])
  }

  /// The elements along an axis in ascending or descending order.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    takenAlong(axis: axis, at: argsorted(axis: axis, descending: descending))
  }

  /// The `count` largest elements along an axis, largest first, and their positions. Of equal
  /// elements, those at lower positions come first.
  public func topK(_ count: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    guard let place = normalized(axis), count >= 0, count <= shape[place] else {
      let failed = failing("topK", "no \(count) elements along axis \(axis)")
      return (failed, failed)
    }
    let indices = argsorted(axis: place, descending: true).sliced(axis: place, 0..<count)
    return (takenAlong(axis: place, at: indices), indices)
  }
}
