extension Tensor {
  /// The largest element under each window over images [N, C, W], [N, C, H, W] or [N, C, D, H, W].
  /// The gradient goes to the first of equal ones; what is not a number wins.
  public func maxPooled(_ window: PoolingWindow) -> Tensor {
    pooled("maxPool", window) { MaxPool(geometry: $0) }
  }

  /// The largest element under each window, and where it is: its place among the pixels of its
  /// image and channel in row-major order, as `maxUnpooled` takes it.
  public func maxPooledWithIndices(_ window: PoolingWindow) -> (values: Tensor, indices: Tensor) {
    (maxPooled(window), pooled("maxPool", window) { MaxPoolIndices(geometry: $0) })
  }

  /// The opposite of a max pooling: images of the given extents, zero but for these elements at
  /// `indices`, which has their shape. Elements at one place are added.
  ///
  /// - Parameter extents: [W], [H, W] or [D, H, W] of the images.
  public func maxUnpooled(to extents: [Int], at indices: Tensor) -> Tensor {
    if shape.isUnknown || indices.shape.isUnknown { return shape.isUnknown ? self : indices }
    guard rank == extents.count + 2, indices.shape == shape else {
      return graph.fail(
        ShapeError(
          "maxUnpool",
          "\(shape) at indices \(indices.shape) cannot become images of \(extents): expects the "
            + "same shape, [N, C] and one axis per extent"))
    }
    let result: Shape
    do throws(ShapeError) {
      result = try Shape(checking: Array(shape.dimensions[..<2]) + extents, for: "maxUnpool")
    } catch {
      return graph.fail(error)
    }
    return flattened(from: 2)
      .addedAlong(
        axis: 2, at: indices.flattened(from: 2), extent: result.dimensions.dropFirst(2).reduce(1, *)
      )
      .reshaped(to: result)
  }

  /// The mean of the elements under each window over images [N, C, W], [N, C, H, W] or
  /// [N, C, D, H, W].
  ///
  /// - Parameter countsPadding: whether padded places count as zeros, or not at all.
  public func averagePooled(_ window: PoolingWindow, countsPadding: Bool = true) -> Tensor {
    pooled("averagePool", window) { AveragePool(geometry: $0, countsPadding: countsPadding) }
  }

  /// The mean of each channel of images [N, C, ...], as [N, C].
  public func globalAveragePooled() -> Tensor {
    overChannels("globalAveragePool") { $0.mean(axes: $1) }
  }

  /// The largest element of each channel of images [N, C, ...], as [N, C].
  public func globalMaxPooled() -> Tensor { overChannels("globalMaxPool") { $0.max(axes: $1) } }

  private func overChannels(_ name: String, _ reduce: (Tensor, [Int]) -> Tensor) -> Tensor {
    guard rank >= 3, !shape.isUnknown, shape.dimensions.dropFirst(2).allSatisfy({ $0 > 0 }) else {
      return failing(name, "no pixels; expects images [N, C, ...]")
    }
    return reduce(self, Array(2..<rank))
  }

  private func pooled(
    _ name: String, _ window: PoolingWindow, _ operation: (PoolingGeometry) -> any Primitive
  ) -> Tensor {
    if shape.isUnknown { return self }
    do throws(ShapeError) {
      return graph.apply(operation(try PoolingGeometry(window, over: shape, name)), to: [self])
    } catch {
      return graph.fail(error)
    }
  }
}
