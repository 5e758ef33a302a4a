// Movements that are composed of reshapes, slices, broadcasts and concatenations.

extension Operation {
  static let flip = Operation(
    "flip", "the elements in reversed order along axes; all of them when none are given",
    records: Slice.self, operands: .fixed([.any]), attributes: [.optional("axes", .integers)]
  ) { [$0[0].flipped(axes: $1.optionalIntegers("axes"))] }

  static let roll = Operation(
    "roll", "the elements moved along an axis, what leaves at one end entering at the other",
    operands: .fixed([.any]),
    attributes: [.required("shift", .integer), .required("axis", .integer)]
  ) { [$0[0].rolled(by: $1.integer("shift"), axis: $1.integer("axis"))] }

  static let tile = Operation(
    "tile", "x repeated so many times along each axis", operands: .fixed([.any]),
    attributes: [.required("repeats", .integers)]
  ) { [$0[0].tiled($1.integers("repeats"))] }

  static let stack = Operation(
    "stack", "operands of one shape side by side along a new axis", operands: .several,
    attributes: [.optional("axis", .integer, 0)]
  ) { [Tensor.stack($0, axis: $1.integer("axis"))] }

  static let split = Operation(
    "split", "the first so many places along an axis, and the rest", operands: .fixed([.any]),
    attributes: [.required("size", .integer), .optional("axis", .integer, 0)],
    results: ["y0", "y1"]
  ) { operands, attributes in
    let (size, axis) = (attributes.integer("size"), attributes.integer("axis"))
    let extent = operands[0].normalized(axis).map { operands[0].shape[$0] } ?? 0
    return operands[0].split(sizes: [size, extent - size], axis: axis)
  }

  static let squeeze = Operation(
    "squeeze", "x without axes of extent 1; all of those when none are given",
    operands: .fixed([.any]), attributes: [.optional("axes", .integers)]
  ) { [$0[0].squeezed(axes: $1.optionalIntegers("axes"))] }

  static let expandDims = Operation(
    "expandDims", "x with a new axis of extent 1", operands: .fixed([.any]),
    attributes: [.required("axis", .integer)]
  ) { [$0[0].expanded(axis: $1.integer("axis"))] }
}

extension Tensor {
  /// The elements in reversed order along axes, along all when nil.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    guard let axes = normalized(axes) else {
      return failing("flip", "no distinct axes \(axes ?? [])")
    }
    // What has no elements is its own mirror image.
    let turned = axes.filter { shape[$0] > 0 }
    var starts = [Int](repeating: 0, count: rank)
    var steps = [Int](repeating: 1, count: rank)
    for axis in turned { (starts[axis], steps[axis]) = (shape[axis] - 1, -1) }
    return sliced(starts: starts, extents: shape.dimensions, steps: steps)
  }

  /// The elements moved `shift` places along an axis; what leaves at one end enters at the other.
  public func rolled(by shift: Int, axis: Int) -> Tensor {
    guard let axis = normalized(axis) else { return failing("roll", "no axis \(axis)") }
    let extent = shape[axis]
    if extent == 0 { return self }
    let cut = extent - (shift % extent + extent) % extent
    return .concatenate(
      [sliced(axis: axis, cut..<extent), sliced(axis: axis, 0..<cut)], axis: axis)
  }

  /// This repeated `repeats[a]` times along each axis a. The shorter of shape and `repeats` is
  /// preceded by ones.
  public func tiled(_ repeats: [Int]) -> Tensor {
    if shape.isUnknown { return self }
    let count = Swift.max(rank, repeats.count)
    let times = [Int](repeating: 1, count: count - repeats.count) + repeats
    var result = reshaped(to: Shape([Int](repeating: 1, count: count - rank) + shape.dimensions))
    for axis in times.indices.reversed() where times[axis] != 1 && !result.shape.isUnknown {
      let extents = result.shape.dimensions
      let (extent, isTooLarge) = extents[axis].multipliedReportingOverflow(by: times[axis])
      guard times[axis] >= 0, !isTooLarge else {
        return failing("tile", "no \(times[axis]) repetitions along axis \(axis) of \(count)")
      }
      let outer = extents[..<axis].reduce(1, *)
      let inner = extents[axis...].reduce(1, *)
      result = result.reshaped(to: [outer, 1, inner])
        .broadcast(to: [outer, times[axis], inner])
        .reshaped(to: result.shape.replacing(axis: axis, with: extent))
    }
    return result
  }

  /// Tensors of one shape side by side along a new axis, which is `axis` of the result; negative
  /// ones count from its end.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    precondition(!tensors.isEmpty, "stack: no tensors")
    let first = tensors[0]
    if let other = tensors.first(where: { $0.shape != first.shape && !$0.shape.isUnknown }) {
      return first.failing("stack", "another shape than \(other.shape)")
    }
    return concatenate(tensors.map { $0.expanded(axis: axis) }, axis: axis)
  }

  /// Parts of the given extents along an axis, in order; together they are its whole extent.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    let place = normalized(axis)
    let ends = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] &+ $1) }
    guard let place, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }),
      ends.last == shape[place]
    else {
      let mistake = failing("split", "no parts \(sizes) along axis \(axis)")
      return sizes.map { _ in mistake }
    }
    return zip(ends, ends.dropFirst()).map { sliced(axis: place, $0..<$1) }
  }

  /// `count` equal parts along an axis, in order.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    let extent = normalized(axis).map { shape[$0] } ?? 0
    guard count > 0, extent % count == 0 else {
      return [failing("split", "no \(count) equal parts along axis \(axis)")]
    }
    return split(sizes: [Int](repeating: extent / count, count: count), axis: axis)
  }

  /// This without axes of extent 1, which `axes` names; without all of those when nil.
  public func squeezed(axes: [Int]? = nil) -> Tensor {
    let places = axes == nil ? shape.dimensions.indices.filter { shape[$0] == 1 } : normalized(axes)
    guard let places, places.allSatisfy({ shape[$0] == 1 }) else {
      return failing("squeeze", "no axes \(axes ?? []) of extent 1")
    }
    return reshaped(
      to: Shape(
        shape.dimensions.indices.filter { !places.contains($0) }.map { shape[$0] }))
  }

  /// This with a new axis of extent 1, which is `axis` of the result; negative ones count from its
  /// end.
  public func expanded(axis: Int) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard !shape.isUnknown, (0...rank).contains(place) else {
      return failing("expandDims", "no place for a new axis \(axis)")
    }
    var dimensions = shape.dimensions
    dimensions.insert(1, at: place)
    return reshaped(to: Shape(dimensions))
  }
}
