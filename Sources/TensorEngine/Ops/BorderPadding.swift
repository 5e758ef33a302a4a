/// What surrounds a tensor's elements when it is padded.
public enum Border: Hashable, Sendable {
  /// A number.
  case constant(Double)
  /// The elements mirrored at the outermost ones, which are not repeated: c b | a b c | b a.
  case reflect
  /// The outermost element repeated: a a | a b c | c c.
  case edge
}

/// Elements repeated before and after those of each axis.
struct PadBorder: MovementPrimitive, KernelPrimitive {
  /// Where the repeated elements come from.
  enum Mode: String, Hashable, Sendable {
    case reflect, edge
  }

  static let name = "padBorder"
  let low: [Int]
  let high: [Int]
  let mode: Mode

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let source = inputs[0]
    guard low.count == source.rank, high.count == source.rank else {
      throw ShapeError(
        name, "\(low.count) and \(high.count) borders for the \(source.rank) axes of \(source)")
    }
    for (axis, extent) in source.dimensions.enumerated() {
      // A mirror image has no second outermost element; an edge needs one, and can be repeated
      // until the result is too large to be counted.
      let limit = mode == .reflect ? max(0, extent - 1) : extent == 0 ? 0 : 1 << 40
      guard (0...limit).contains(low[axis]), (0...limit).contains(high[axis]) else {
        throw ShapeError(
          name,
          "axis \(axis) of \(source) has no border (\(mode.rawValue)) of \(low[axis]) before and "
            + "\(high[axis]) after; at most \(limit)")
      }
    }
    return Shape(source.dimensions.indices.map { low[$0] + source[$0] + high[$0] })
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(PadBorderGradient(border: self), to: [context.cotangent])
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .padded(BorderLayout(self, call.inputs[0]), call.inputTypes[0])
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .padded(BorderLayout(self, call.inputs[0]), call.inputTypes[0])
  }
}

/// What a border repeats, added back to where it came from.
struct PadBorderGradient: KernelPrimitive {
  static let name = "padBorderGradient"
  let border: PadBorder

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let padded = inputs[0]
    let source = Shape(
      zip(padded.dimensions, zip(border.low, border.high)).map { max(0, $0 - $1.0 - $1.1) })
    guard try border.shape(of: [source]) == padded else {
      throw ShapeError(name, "\(padded) is no result of a border \(border.low), \(border.high)")
    }
    return source
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(border, to: [context.cotangent])
  }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count - output.count }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .paddedGradient(BorderLayout(border, call.output))
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .paddedGradient(BorderLayout(border, call.output))
  }
}

extension Operation {
  static let pad = Operation(
    "pad", "x with places before and after each axis", operands: .fixed([.any]),
    attributes: [
      .required("low", .integers), .required("high", .integers),
      .optional("mode", .word(["constant", "reflect", "edge"]), "constant"),
      .optional("value", .number, 0),
    ]
  ) { operands, attributes in
    let border: Border =
      switch attributes.word("mode") {
      case "reflect": .reflect
      case "edge": .edge
      default: .constant(attributes.number("value"))
      }
    return [
      operands[0].padded(low: attributes.integers("low"), high: attributes.integers("high"), border)
    ]
  }
}

extension Tensor {
  /// `low[a]` places before and `high[a]` after the elements of each axis a, filled as `border`
  /// says.
  public func padded(
    low: [Int], high: [Int], _ border: Border = .constant(0)
  ) -> Tensor {
    if graph.options.simplifies, low.count == rank, high.count == rank,
      (low + high).allSatisfy({ $0 == 0 })
    {
      return self
    }
    switch border {
    case .constant(let value): return padded(low: low, high: high, with: value)
    case .reflect: return graph.apply(PadBorder(low: low, high: high, mode: .reflect), to: [self])
    case .edge: return graph.apply(PadBorder(low: low, high: high, mode: .edge), to: [self])
    }
  }

  private func padded(low: [Int], high: [Int], with value: Double) -> Tensor {
    guard low.count == rank, high.count == rank,
      (low + high).allSatisfy({ (0...1 << 40).contains($0) })
    else {
      return failing("pad", "no place for \(low) before and \(high) after")
    }
    let target = Shape((0..<rank).map { low[$0] + shape[$0] + high[$0] })
    let steps = [Int](repeating: 1, count: rank)
    return graph.apply(Embed(target: target, starts: low, steps: steps, value: value), to: [self])
  }
}
