/// Operations on numbers of any type and positions among them. Positions count from 0; one that is
/// negative, or beyond the axis, is nowhere.
protocol IndexingPrimitive: KernelPrimitive {}

extension IndexingPrimitive {
  /// The numbers' type; the second operand must be positions.
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs[1] == .index else {
      throw ShapeError(name, "positions of type \(inputs[1]); convert with index()")
    }
    return inputs[0]
  }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

/// Slices of an operand [a..., V, b...] across an axis, at positions [i...]: [a..., i..., b...].
struct Gather: IndexingPrimitive {
  static let name = "gather"
  let axis: Int
  /// What real numbers from nowhere are: not a number, or 0.
  let marksMissing: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axis >= 0, axis < inputs[0].rank else {
      throw ShapeError(name, "\(inputs[0]) has no axis \(axis)")
    }
    var extents = inputs[0].dimensions
    extents.replaceSubrange(axis...axis, with: inputs[1].dimensions)
    return try Shape(checking: extents, for: name)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    guard index == 0, context.inputs[0].type == .real else { return nil }
    return context.graph.apply(
      ScatterAdd(axis: axis, extent: context.inputs[0].shape[axis]),
      to: [context.cotangent, context.inputs[1]])
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .gather(call, axis: axis, marksMissing: marksMissing)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .gather(call, axis: axis, marksMissing: marksMissing)
  }
}

/// The opposite of a gather: slices [a..., i..., b...] added to zeros [a..., V, b...] at positions
/// [i...] of an axis. Those that are nowhere are left out.
struct ScatterAdd: IndexingPrimitive {
  static let name = "scatterAdd"
  let axis: Int
  /// V.
  let extent: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let (slices, positions) = (inputs[0], inputs[1])
    guard axis >= 0, axis <= slices.rank - positions.rank,
      Array(slices.dimensions[axis..<axis + positions.rank]) == positions.dimensions
    else {
      throw ShapeError(
        name, "\(slices) does not have the positions' axes \(positions) from axis \(axis) on")
    }
    var extents = slices.dimensions
    extents.replaceSubrange(axis..<axis + positions.rank, with: [extent])
    return try Shape(checking: extents, for: name)
  }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    try realType(of: inputs)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    guard index == 0 else { return nil }
    return context.graph.apply(
      Gather(axis: axis, marksMissing: false), to: [context.cotangent, context.inputs[1]])
  }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .scatterAdd(call, axis: axis)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .scatterAdd(call, axis: axis)
  }
}

/// Elements along an axis, at positions that differ from line to line: operands [a..., V, b...] and
/// [a..., K, b...] give [a..., K, b...].
struct TakeAlong: IndexingPrimitive {
  static let name = "takeAlongAxis"
  let axis: Int
  /// What real numbers from nowhere are: not a number, or 0.
  let marksMissing: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axis >= 0, axis < inputs[0].rank, inputs[1].rank == inputs[0].rank,
      inputs[1].replacing(axis: axis, with: 0) == inputs[0].replacing(axis: axis, with: 0)
    else {
      throw ShapeError(
        name, "\(inputs[0]) and positions \(inputs[1]) differ elsewhere than along axis \(axis)")
    }
    return inputs[1]
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    guard index == 0, context.inputs[0].type == .real else { return nil }
    return context.graph.apply(
      AddAlong(axis: axis, extent: context.inputs[0].shape[axis]),
      to: [context.cotangent, context.inputs[1]])
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .takeAlong(call, axis: axis, marksMissing: marksMissing)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .takeAlong(call, axis: axis, marksMissing: marksMissing)
  }
}

/// The opposite of taking along an axis: elements [a..., K, b...] added to zeros [a..., V, b...] at
/// positions [a..., K, b...]. Those that are nowhere are left out.
struct AddAlong: IndexingPrimitive {
  static let name = "addAlongAxis"
  let axis: Int
  /// V.
  let extent: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axis >= 0, axis < inputs[0].rank, inputs[1] == inputs[0] else {
      throw ShapeError(
        name, "\(inputs[0]) and positions \(inputs[1]) differ, or have no axis \(axis)")
    }
    var extents = inputs[0].dimensions
    extents[axis] = extent
    return try Shape(checking: extents, for: name)
  }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    try realType(of: inputs)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    guard index == 0 else { return nil }
    return context.graph.apply(
      TakeAlong(axis: axis, marksMissing: false), to: [context.cotangent, context.inputs[1]])
  }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .addAlong(call, axis: axis)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .addAlong(call, axis: axis)
  }
}

extension IndexingPrimitive {
  /// The type of a sum of numbers at positions.
  fileprivate func realType(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs == [.real, .index] else {
      throw ShapeError(
        name,
        "expects real numbers and positions, got \(inputs.map(\.rawValue)); convert with "
          + "real() and index()")
    }
    return .real
  }
}
