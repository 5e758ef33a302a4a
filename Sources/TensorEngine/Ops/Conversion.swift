/// Bytes or positions as real numbers.
struct ToReal: ElementwisePrimitive {
  static let name = "real"
  func type(of inputs: [ElementType]) -> ElementType { .real }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func loop(_: Float.Type) -> TileLoop<Float> { .copy }
  func loop(_: Double.Type) -> TileLoop<Double> { .copy }
}

extension Operation {
  static let real = Operation(
    "real", "bytes or positions as real numbers", records: ToReal.self, operands: .fixed([.any]),
    differentiability: .none
  ) { operands, _ in [operands[0].real()] }
}

extension Tensor {
  /// The same numbers as real ones: bytes stay 0 ... 255.
  public func real() -> Tensor {
    type == .real ? self : graph.apply(ToReal(), to: [self])
  }
}

/// Real numbers as positions: towards zero, the nearest Int32 beyond its range, 0 for what is not a
/// number.
struct ToIndex: KernelPrimitive {
  static let name = "index"

  func shape(of inputs: [Shape]) -> Shape { inputs[0] }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs[0] == .real else {
      throw ShapeError(name, "expects real numbers, got \(inputs[0]); convert with real()")
    }
    return .index
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> { .toIndex(call) }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> { .toIndex(call) }
}

extension Tensor {
  /// The numbers as positions: towards zero, the nearest Int32 beyond its range, 0 for what is not
  /// a number.
  public func index() -> Tensor {
    type == .index ? self : graph.apply(ToIndex(), to: [self])
  }
}
