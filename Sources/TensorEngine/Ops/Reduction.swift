import CVectorMath

/// One number for all elements along some axes. The axes stay, with extent 1.
protocol Reduction: KernelPrimitive {
  /// The reduced axes, ascending.
  var axes: [Int] { get }
  /// How two numbers combine.
  static var combination: vm_reduce_op { get }
}

extension Reduction {
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axes.allSatisfy({ $0 >= 0 && $0 < inputs[0].rank }), Set(axes).count == axes.count else {
      throw ShapeError(name, "\(axes) are not distinct axes of \(inputs[0])")
    }
    return axes.reduce(inputs[0]) { $0.replacing(axis: $1, with: 1) }
  }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .reduction(Self.combination, of: call.inputs[0], axes: axes)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .reduction(Self.combination, of: call.inputs[0], axes: axes)
  }
}

struct Sum: Reduction {
  static let name = "sum"
  static let combination = VM_REDUCE_SUM
  let axes: [Int]
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent.broadcast(to: context.inputs[0].shape)
  }
}

/// An element's derivative is the product of all others, which holds where some are 0 too.
struct Product: Reduction {
  static let name = "prod"
  static let combination = VM_REDUCE_PROD
  let axes: [Int]
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent * context.inputs[0].productOfOthers(along: axes)
  }
}

/// The gradient goes to the largest elements, in equal shares.
struct LargestAlong: Reduction {
  static let name = "maxAlong"
  static let combination = VM_REDUCE_MAX
  let axes: [Int]
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    sharedAmongExtremes(axes, context)
  }
}

/// The gradient goes to the smallest elements, in equal shares.
struct SmallestAlong: Reduction {
  static let name = "minAlong"
  static let combination = VM_REDUCE_MIN
  let axes: [Int]
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    sharedAmongExtremes(axes, context)
  }
}

private func sharedAmongExtremes(_ axes: [Int], _ context: GradientContext) -> Tensor {
  let isExtreme = context.inputs[0].isEqual(to: context.output)
  return context.cotangent * isExtreme / isExtreme.sum(axes: axes, keepsAxes: true)
}

extension Operation {
  /// Attributes of every operation that makes one number of all elements along some axes.
  static let reductionAttributes: [Attribute] = [
    .optional("axes", .integers), .optional("keepsAxes", .flag, .flag(false)),
  ]

  static let sum = Operation(
    "sum", "the sum along axes; all of them when none are given", records: Sum.self,
    attributes: reductionAttributes
  ) { [$0[0].sum(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes"))] }

  static let mean = Operation(
    "mean", "the mean along axes; all of them when none are given", attributes: reductionAttributes
  ) { [$0[0].mean(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes"))] }

  static let prod = Operation(
    "prod", "the product along axes; all of them when none are given", records: Product.self,
    attributes: reductionAttributes
  ) { [$0[0].product(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes"))] }

  static let maxAlong = Operation(
    "maxAlong", "the largest element along axes; equal ones share the gradient",
    records: LargestAlong.self, attributes: reductionAttributes
  ) { [$0[0].max(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes"))] }

  static let minAlong = Operation(
    "minAlong", "the smallest element along axes; equal ones share the gradient",
    records: SmallestAlong.self, attributes: reductionAttributes
  ) { [$0[0].min(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes"))] }
}

extension Tensor {
  /// For each element, the product of all others along the given axes, in as many multiplications
  /// as there are elements, times three.
  fileprivate func productOfOthers(along axes: [Int]) -> Tensor {
    let order = (0..<rank).filter { !axes.contains($0) } + axes
    let moved = transposed(order)
    let length = axes.map { shape[$0] }.reduce(1, *)
    let rows = order.dropLast(axes.count).map { shape[$0] }.reduce(1, *)
    return moved.reshaped(to: [rows, length]).productOfOtherColumns().reshaped(to: moved.shape)
      .transposed((0..<rank).map { order.firstIndex(of: $0) ?? $0 })
  }

  /// For each element of a matrix, the product of all others in its row. Columns are paired; what a
  /// pair's product lacks of the row, found in the same way, is multiplied by either's partner.
  private func productOfOtherColumns() -> Tensor {
    let half = shape[1] / 2
    if half == 0 { return graph.constant(1).broadcast(to: shape) }
    let (left, right) = (sliced(axis: 1, 0..<half), sliced(axis: 1, half..<2 * half))
    let unpaired = sliced(axis: 1, 2 * half..<shape[1])
    let others = Tensor.concatenate([left * right, unpaired], axis: 1).productOfOtherColumns()
    let ofPairs = others.sliced(axis: 1, 0..<half)
    return Tensor.concatenate(
      [ofPairs * right, ofPairs * left, others.sliced(axis: 1, half..<others.shape[1])], axis: 1)
  }

  /// The sum along axes (all when nil; negative ones count from the end), which stay with extent
  /// 1 when `keepsAxes`.
  public func sum(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    reduced(axes, keepsAxes, "sum") { Sum(axes: $0) }
  }

  /// The mean along axes.
  public func mean(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let total = sum(axes: axes, keepsAxes: keepsAxes)
    if total.shape.isUnknown { return total }
    return total * (Double(Swift.max(1, total.shape.count)) / Double(Swift.max(1, shape.count)))
  }

  /// The product along axes.
  public func product(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    reduced(axes, keepsAxes, "prod") { Product(axes: $0) }
  }

  /// The largest element along axes.
  public func max(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    reduced(axes, keepsAxes, "maxAlong") { LargestAlong(axes: $0) }
  }

  /// The smallest element along axes.
  public func min(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    reduced(axes, keepsAxes, "minAlong") { SmallestAlong(axes: $0) }
  }

  private func reduced(
    _ axes: [Int]?, _ keepsAxes: Bool, _ name: String, _ operation: ([Int]) -> any Reduction
  ) -> Tensor {
    var places: [Int] = []
    for axis in axes ?? Array(0..<rank) {
      guard let place = normalized(axis) else { return failing(name, "no axis \(axis)") }
      places.append(place)
    }
    places.sort()
    let isTrivial = places.allSatisfy { shape[$0] == 1 } && graph.options.simplifies
    let result = isTrivial ? self : graph.apply(operation(places), to: [self])
    if keepsAxes || result.shape.isUnknown { return result }
    let kept = (0..<rank).filter { !places.contains($0) }.map { shape[$0] }
    return result.reshaped(to: Shape(kept))
  }
}
