/// Sums of what comes before along an axis, and of the element itself unless `isExclusive`; of what
/// comes after when `isReversed`.
struct CumulativeSum: KernelPrimitive {
  static let name = "cumulativeSum"
  let axis: Int
  let isReversed: Bool
  let isExclusive: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axis >= 0, axis < inputs[0].rank else {
      throw ShapeError(name, "\(inputs[0]) has no axis \(axis)")
    }
    return inputs[0]
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent.cumulativeSum(axis: axis, reversed: !isReversed, exclusive: isExclusive)
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .cumulativeSum(self, of: call.output)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .cumulativeSum(self, of: call.output)
  }
}

extension Operation {
  static let cumulativeSum = Operation(
    "cumulativeSum", "sums of the elements up to each place along an axis",
    records: CumulativeSum.self,
    attributes: [
      .required("axis", .integer), .optional("reverse", .flag, false),
      .optional("exclusive", .flag, false),
    ]
  ) {
    [
      $0[0].cumulativeSum(
        axis: $1.integer("axis"), reversed: $1.flag("reverse"), exclusive: $1.flag("exclusive"))
    ]
  }
}

extension Tensor {
  /// The sum of the elements along an axis up to each place, added in double precision.
  ///
  /// - Parameters:
  ///   - axis: negative ones count from the end.
  ///   - reversed: from each place to the end instead.
  ///   - exclusive: without the element at the place itself.
  public func cumulativeSum(
    axis: Int, reversed: Bool = false, exclusive: Bool = false
  ) -> Tensor {
    graph.apply(
      CumulativeSum(
        axis: normalized(axis) ?? axis, isReversed: reversed, isExclusive: exclusive),
      to: [self])
  }
}
