// Unsafe: products over raw memory; row and column ranges come from the operands' shapes.

extension Kernel {
  /// Multiply-adds below which a product is not cut: about 30 microseconds on one core.
  private static var productGrain: Int { 1 << 21 }
  /// Pieces at most: enough for many cores, few enough that each is worth packing for.
  private static var maximumPieces: Int { 8 }

  /// Single-threaded OpenBLAS products over a fixed cut of the result, along its longer axis, or
  /// over the batch.
  static func matrixProduct(_ product: MatMul, _ call: KernelCall) -> Kernel {
    let (left, right) = (call.inputs[0], call.inputs[1])
    let (rows, columns, inner) = product.sizes(left, right)
    let batch = call.output.dimensions.dropLast(2).reduce(1, *)
    if call.output.count == 0 { return Kernel(phases: []) }
    let (leftStride, rightStride) = (left[-1], right[-1])
    let cutsRows = rows >= columns
    let extent = cutsRows ? rows : columns
    let workPerLine = Swift.max(1, rows * columns * inner / extent)
    let pieces = Swift.min(
      maximumPieces, Swift.max(1, rows * columns * inner / productGrain), extent)
    let lines =
      batch > 1
      ? Chunks(of: extent, size: extent)
      : Chunks(of: extent, size: ((extent + pieces - 1) / pieces + 15) / 16 * 16)
    let matrices = Chunks(of: batch, work: productGrain, workPerElement: workPerLine * extent)

    return Kernel(chunks: matrices.number * lines.number) { arguments, chunk in
      let range = lines[chunk % lines.number]
      let (row, column) = cutsRows ? (range.lowerBound, 0) : (0, range.lowerBound)
      for matrix in matrices[chunk / lines.number] {
        let a = unsafe arguments.input(0) + matrix * rows * inner
        let b = unsafe arguments.input(1) + matrix * inner * columns
        let c = unsafe arguments.output() + matrix * rows * columns
        unsafe Scalar.multiply(
          product.transposesLeft, product.transposesRight, cutsRows ? range.count : rows,
          cutsRows ? columns : range.count, inner,
          a + row * (product.transposesLeft ? 1 : leftStride), Swift.max(1, leftStride),
          b + column * (product.transposesRight ? rightStride : 1), Swift.max(1, rightStride),
          c + row * columns + column, columns, adds: false)
      }
    }
  }
}
