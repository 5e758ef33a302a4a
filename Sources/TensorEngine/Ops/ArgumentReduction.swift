/// The place of an extreme element along the last axis, which goes: the first of equals, or the
/// first that is not a number.
protocol ArgumentReduction: KernelPrimitive {
  /// Whether the largest is looked for, else the smallest.
  static var findsMaximum: Bool { get }
}

extension ArgumentReduction {
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let length = inputs[0].dimensions.last, (1...Int(Int32.max)).contains(length) else {
      throw ShapeError(name, "\(inputs[0]) has no last axis of 1 to \(Int32.max) elements")
    }
    return Shape(inputs[0].dimensions.dropLast())
  }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs == [.real] else {
      throw ShapeError(name, "expects a real operand, got \(inputs[0]); convert with real()")
    }
    return .index
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .argument(maximum: Self.findsMaximum, of: call.inputs[0])
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .argument(maximum: Self.findsMaximum, of: call.inputs[0])
  }
}

struct ArgumentOfLargest: ArgumentReduction {
  static let name = "argmax"
  static let findsMaximum = true
}

struct ArgumentOfSmallest: ArgumentReduction {
  static let name = "argmin"
  static let findsMaximum = false
}

extension Operation {
  static let argmax = argument(
    "argmax", "the place of the largest element along an axis, or in row-major order",
    records: ArgumentOfLargest.self
  ) { $0.argmax(axis: $1, keepsAxis: $2) }

  static let argmin = argument(
    "argmin", "the place of the smallest element along an axis, or in row-major order",
    records: ArgumentOfSmallest.self
  ) { $0.argmin(axis: $1, keepsAxis: $2) }

  private static func argument(
    _ name: String, _ summary: String, records primitive: any Primitive.Type,
    _ function: @escaping @Sendable (Tensor, Int?, Bool) -> Tensor
  ) -> Operation {
    Operation(
      name, summary, records: primitive,
      attributes: [.optional("axis", .integer), .optional("keepsAxis", .flag, false)],
      differentiability: .none
    ) { operands, attributes in
      let axis = attributes.isGiven("axis") ? attributes.integer("axis") : nil
      return [function(operands[0], axis, attributes.flag("keepsAxis"))]
    }
  }
}

extension Tensor {
  /// The place (index type) of the largest element along an axis, or among all in row-major order
  /// when no axis is named; the first of equals. The axis stays with extent 1 when `keepsAxis`;
  /// without a named one, all do.
  public func argmax(axis: Int? = nil, keepsAxis: Bool = false) -> Tensor {
    argument(ArgumentOfLargest(), axis, keepsAxis)
  }

  /// The place (index type) of the smallest element; otherwise as `argmax`.
  public func argmin(axis: Int? = nil, keepsAxis: Bool = false) -> Tensor {
    argument(ArgumentOfSmallest(), axis, keepsAxis)
  }

  private func argument(
    _ operation: any ArgumentReduction, _ axis: Int?, _ keepsAxis: Bool
  ) -> Tensor {
    guard let axis else {
      let place = graph.apply(operation, to: [flattened(from: 0)])
      return keepsAxis ? place.reshaped(to: Shape(shape.dimensions.map { _ in 1 })) : place
    }
    guard let axis = normalized(axis) else { return failing(operation.name, "no axis \(axis)") }
    let order = (0..<rank).filter { $0 != axis } + [axis]
    let place = graph.apply(operation, to: [transposed(order)])
    return keepsAxis ? place.expanded(axis: axis) : place
  }
}
