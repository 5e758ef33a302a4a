/// Products of matrices, the last two axes of each operand; leading axes are a batch and equal.
struct MatMul: FinishedPrimitive {
  static let name = "matmul"
  /// Whether the left operand's last two axes are read exchanged.
  let transposesLeft: Bool
  /// Whether the right operand's last two axes are read exchanged.
  let transposesRight: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let (left, right) = (inputs[0], inputs[1])
    guard left.rank >= 2, right.rank >= 2 else {
      throw ShapeError(name, "\(left) x \(right): both need two axes; reshape a vector first")
    }
    guard left.dimensions.dropLast(2) == right.dimensions.dropLast(2) else {
      throw ShapeError(name, "\(left) x \(right): the leading batch axes differ")
    }
    let size = sizes(left, right)
    let inner = transposesRight ? right[-1] : right[-2]
    guard size.inner == inner else {
      throw ShapeError(
        name,
        "\(read(left, transposesLeft)) x \(read(right, transposesRight)): inner sizes "
          + "\(size.inner) and \(inner) differ")
    }
    return Shape(left.dimensions.dropLast(2) + [size.rows, size.columns])
  }

  /// A shape as the product sees it.
  private func read(_ shape: Shape, _ isTransposed: Bool) -> Shape {
    isTransposed ? Shape(shape.dimensions.dropLast(2) + [shape[-1], shape[-2]]) : shape
  }

  /// Rows and columns of the result, and the summed extent between them.
  func sizes(_ left: Shape, _ right: Shape) -> (rows: Int, columns: Int, inner: Int) {
    (
      transposesLeft ? left[-1] : left[-2], transposesRight ? right[-2] : right[-1],
      transposesLeft ? left[-2] : left[-1]
    )
  }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (left, right, cotangent) = (context.inputs[0], context.inputs[1], context.cotangent)
    func product(_ a: Tensor, _ transposesA: Bool, _ b: Tensor, _ transposesB: Bool) -> Tensor {
      context.graph.apply(
        MatMul(transposesLeft: transposesA, transposesRight: transposesB), to: [a, b])
    }
    if left.id == right.id && transposesLeft != transposesRight {
      // Of x·xᵀ, a Gram matrix: one product for both places of x.
      if index == 1 { return nil }
      let both = cotangent + cotangent.transposed()
      return transposesLeft ? product(left, false, both, false) : product(both, false, left, false)
    }
    if index == 0 {
      return transposesLeft
        ? product(right, transposesRight, cotangent, true)
        : product(cotangent, false, right, !transposesRight)
    }
    return transposesRight
      ? product(cotangent, true, left, transposesLeft)
      : product(left, !transposesLeft, cotangent, false)
  }

  func work(inputs: [Shape], output: Shape) -> Int {
    2 * output.count * sizes(inputs[0], inputs[1]).inner
  }

  func biasedAxis(rank: Int) -> Int { rank - 1 }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> { .panelProduct(self, call) }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> { .matrixProduct(self, call) }
}

extension Operation {
  static let matmul = Operation(
    "matmul", "the matrix product over the last two axes", records: MatMul.self,
    operands: .fixed([.real, .real]),
    attributes: [
      .optional("transposesLeft", .flag, false), .optional("transposesRight", .flag, false),
    ]
  ) { operands, attributes in
    let left = attributes.flag("transposesLeft") ? operands[0].transposed() : operands[0]
    let right = attributes.flag("transposesRight") ? operands[1].transposed() : operands[1]
    return [left.matmul(right)]
  }
}

extension Tensor {
  /// The matrix product over the last two axes. A right operand of rank 2 multiplies every row of
  /// the left: [..., inner] x [inner, columns] -> [..., columns].
  public func matmul(_ right: Tensor) -> Tensor {
    if shape.isUnknown { return self }
    if right.rank == 2, rank > 2 {
      let rows = shape.dimensions.dropLast().reduce(1, *)
      let product = reshaped(to: [rows, shape[-1]]).matmul(right)
      if product.shape.isUnknown { return product }
      return product.reshaped(to: Shape(shape.dimensions.dropLast() + [product.shape[1]]))
    }
    let (a, transposesLeft) = withoutFinalTranspose
    let (b, transposesRight) = right.withoutFinalTranspose
    return graph.apply(
      MatMul(transposesLeft: transposesLeft, transposesRight: transposesRight), to: [a, b])
  }

  /// The operand to read exchanged instead of transposing it first.
  private var withoutFinalTranspose: (Tensor, isTransposed: Bool) {
    guard graph.options.simplifies, rank >= 2, let transpose = operation as? Transpose else {
      return (self, false)
    }
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return transpose.permutation == order ? (inputs[0], true) : (self, false)
  }
}
