/// Operations that move elements without computing on them: any element type.
protocol MovementPrimitive: Primitive {}

extension MovementPrimitive {
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard Set(inputs).count == 1 else {
      throw ShapeError(name, "operands of different types \(inputs.map(\.rawValue))")
    }
    return inputs[0]
  }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

/// The same elements in the same order under another shape.
struct Reshape: MovementPrimitive, ViewPrimitive {
  static let name = "reshape"
  let target: Shape

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].count == target.count else {
      throw ShapeError(
        name, "\(inputs[0]) has \(inputs[0].count) elements, \(target) has \(target.count)")
    }
    return target
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent.reshaped(to: context.inputs[0].shape)
  }
}

/// Axes in another order: result axis i is operand axis `permutation[i]`.
struct Transpose: StridedMovement, MovementPrimitive, KernelPrimitive {
  static let name = "transpose"
  let permutation: [Int]

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard permutation.sorted() == Array(0..<inputs[0].rank) else {
      throw ShapeError(
        name, "\(permutation) is no order of the \(inputs[0].rank) axes of \(inputs[0])")
    }
    return Shape(permutation.map { inputs[0].dimensions[$0] })
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent.transposed(permutation.indices.map { permutation.firstIndex(of: $0) ?? $0 })
  }
  func copies(_ call: KernelCall) -> [StridedCopy] {
    let strides = call.inputs[0].strides
    return [
      StridedCopy(
        dimensions: call.output.dimensions, sourceStrides: permutation.map { strides[$0] },
        targetStrides: call.output.strides)
    ]
  }
}

/// Stretched along axes of extent 1, or along new leading axes.
struct Broadcast: StridedMovement, MovementPrimitive, KernelPrimitive {
  static let name = "broadcast"
  let target: Shape

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard Shape.broadcast([inputs[0], target]) == target else {
      throw ShapeError(name, "\(inputs[0]) does not stretch to \(target)")
    }
    return target
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { context.cotangent }
  func copies(_ call: KernelCall) -> [StridedCopy] {
    [
      StridedCopy(
        dimensions: target.dimensions, sourceStrides: call.inputs[0].broadcastStrides(to: target),
        targetStrides: target.strides)
    ]
  }
}

/// Every `steps[a]`-th element along axis a, from `starts[a]` on, `extents[a]` of them; backwards
/// where the step is negative.
struct Slice: StridedMovement, MovementPrimitive, KernelPrimitive {
  static let name = "slice"
  let starts: [Int]
  let extents: [Int]
  let steps: [Int]

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let rank = inputs[0].rank
    guard starts.count == rank, extents.count == rank, steps.count == rank else {
      throw ShapeError(name, "\(starts.count) starts for the \(rank) axes of \(inputs[0])")
    }
    for (axis, extent) in inputs[0].dimensions.enumerated() where !isInside(axis, extent) {
      throw ShapeError(
        name,
        "\(extents[axis]) elements from \(starts[axis]) by \(steps[axis]) exceed axis \(axis) "
          + "of \(inputs[0])")
    }
    return Shape(extents)
  }
  private func isInside(_ axis: Int, _ extent: Int) -> Bool {
    guard starts[axis] >= 0, extents[axis] >= 0, steps[axis] != 0 else { return false }
    if extents[axis] == 0 { return true }
    let (distance, isTooFar) = (extents[axis] - 1).multipliedReportingOverflow(by: steps[axis])
    return !isTooFar && starts[axis] < extent
      && (-starts[axis]..<extent - starts[axis]).contains(distance)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(
      Embed(target: context.inputs[0].shape, starts: starts, steps: steps), to: [context.cotangent])
  }
  /// Where the first element is in an operand of a shape.
  func firstElement(in shape: Shape) -> Int {
    zip(starts, shape.strides).map { $0 * $1 }.reduce(0, +)
  }
  /// Whether the elements follow each other in an operand of a shape: from the first axis that has
  /// more than one on, only that one is cut.
  func isContiguous(in shape: Shape) -> Bool {
    guard let cut = extents.firstIndex(where: { $0 != 1 }) else { return true }
    return steps[cut] == 1 && extents[(cut + 1)...].elementsEqual(shape.dimensions[(cut + 1)...])
      && steps[(cut + 1)...].allSatisfy { $0 == 1 }
  }
  func copies(_ call: KernelCall) -> [StridedCopy] {
    let strides = call.inputs[0].strides
    return [
      StridedCopy(
        dimensions: extents, sourceOffset: firstElement(in: call.inputs[0]),
        sourceStrides: zip(steps, strides).map { $0 * $1 }, targetStrides: call.output.strides)
    ]
  }
}

/// The opposite of a slice: the operand's elements at every `steps[a]`-th place from `starts[a]`
/// on, `value` elsewhere. Padding with a number is its special case.
struct Embed: StridedMovement, MovementPrimitive, KernelPrimitive {
  static let name = "embed"
  let target: Shape
  let starts: [Int]
  let steps: [Int]
  var value = 0.0
  var gaps: Double? { value }

  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    let isHeld =
      switch inputs[0] {
      case .real: true
      case .index: Int32(exactly: value) != nil
      case .byte: UInt8(exactly: value) != nil
      }
    guard isHeld else {
      throw ShapeError(name, "\(value) is no \(inputs[0]) number to fill with")
    }
    return inputs[0]
  }
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let slice = Slice(starts: starts, extents: inputs[0].dimensions, steps: steps)
    guard (try? slice.shape(of: [target])) != nil else {
      throw ShapeError(name, "\(inputs[0]) at \(starts) by \(steps) exceeds \(target)")
    }
    return target
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(
      Slice(starts: starts, extents: context.inputs[0].shape.dimensions, steps: steps),
      to: [context.cotangent])
  }
  func copies(_ call: KernelCall) -> [StridedCopy] {
    let strides = target.strides
    return [
      StridedCopy(
        dimensions: call.inputs[0].dimensions, sourceStrides: call.inputs[0].strides,
        targetOffset: zip(starts, strides).map { $0 * $1 }.reduce(0, +),
        targetStrides: zip(steps, strides).map { $0 * $1 })
    ]
  }
}

/// Tensors laid end to end along an axis.
struct Concatenate: StridedMovement, MovementPrimitive, KernelPrimitive {
  static let name = "concatenate"
  let axis: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let first = inputs[0]
    guard axis >= 0, axis < first.rank else {
      throw ShapeError(name, "\(first) has no axis \(axis)")
    }
    for other in inputs
    where other.rank != first.rank
      || other.replacing(axis: axis, with: 0) != first.replacing(axis: axis, with: 0)
    {
      throw ShapeError(name, "\(first) and \(other) differ outside axis \(axis)")
    }
    return first.replacing(axis: axis, with: inputs.map { $0[axis] }.reduce(0, +))
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let start = context.inputs[..<index].map { $0.shape[axis] }.reduce(0, +)
    let extent = context.inputs[index].shape[axis]
    return context.cotangent.sliced(axis: axis, start..<start + extent)
  }
  func copies(_ call: KernelCall) -> [StridedCopy] {
    let strides = call.output.strides
    var start = 0
    return call.inputs.enumerated().map { index, shape in
      defer { start += shape[axis] }
      return StridedCopy(
        source: index, dimensions: shape.dimensions, sourceStrides: shape.strides,
        targetOffset: start * strides[axis], targetStrides: strides)
    }
  }
}

extension Operation {
  static let reshape = Operation(
    "reshape", "the same elements under another shape", records: Reshape.self,
    operands: .fixed([.any]), attributes: [.required("shape", .integers)]
  ) { operands, attributes in
    [operands[0].shaped("reshape", attributes) { operands[0].reshaped(to: $0) }]
  }

  static let transpose = Operation(
    "transpose", "axes in another order: result axis i is operand axis axes[i]",
    records: Transpose.self, operands: .fixed([.any]), attributes: [.required("axes", .integers)]
  ) { [$0[0].transposed($1.integers("axes"))] }

  static let broadcast = Operation(
    "broadcast", "x stretched to a shape", records: Broadcast.self, operands: .fixed([.any]),
    attributes: [.required("shape", .integers)]
  ) { operands, attributes in
    [operands[0].shaped("broadcast", attributes) { operands[0].broadcast(to: $0) }]
  }

  static let slice = Operation(
    "slice", "along each axis, so many elements from a start on, a step apart",
    records: Slice.self, operands: .fixed([.any]),
    attributes: [
      .required("starts", .integers), .required("extents", .integers),
      .optional("steps", .integers),
    ]
  ) {
    [
      $0[0].sliced(
        starts: $1.integers("starts"), extents: $1.integers("extents"),
        steps: $1.optionalIntegers("steps"))
    ]
  }

  static let embed = Operation(
    "embed", "x spread over zeros of a shape, from starts on, steps apart", records: Embed.self,
    operands: .fixed([.any]),
    attributes: [
      .required("shape", .integers), .required("starts", .integers), .required("steps", .integers),
    ]
  ) { operands, attributes in
    [
      operands[0].shaped("embed", attributes) { shape in
        operands[0].graph.apply(
          Embed(
            target: shape, starts: attributes.integers("starts"),
            steps: attributes.integers("steps")), to: operands)
      }
    ]
  }

  static let concatenate = Operation(
    "concatenate", "operands laid end to end along an axis", records: Concatenate.self,
    operands: .several, attributes: [.required("axis", .integer)]
  ) { [Tensor.concatenate($0, axis: $1.integer("axis"))] }
}

extension Tensor {
  /// What `move` makes of the shape that the attributes give.
  fileprivate func shaped(
    _ name: String, _ attributes: Attributes, _ move: (Shape) -> Tensor
  ) -> Tensor {
    attributes.shape().map(move)
      ?? graph.fail(
        ShapeError(name, "\(attributes.integers("shape")) has a negative extent"))
  }
}

extension GradientContext {
  /// The graph that the reverse pass adds to.
  var graph: Graph { cotangent.graph }
}
