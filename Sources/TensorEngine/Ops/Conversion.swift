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
