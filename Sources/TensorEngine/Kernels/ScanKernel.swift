// Unsafe: reads and writes raw memory; offsets come from the operand's shape.

extension Kernel {
  /// Elements that one chunk adds up.
  private static var scanGrain: Int { 32_768 }
  /// Neighbouring lines that are added up together, for the sake of the caches.
  private static var scanWidth: Int { 128 }

  /// Running sums along an axis. The operand is seen as [outer, length, inner]; a block is up to
  /// `scanWidth` of the inner places at one of the outer.
  static func cumulativeSum(_ sum: CumulativeSum, of shape: Shape) -> Kernel {
    let length = shape[sum.axis]
    let outer = shape.dimensions[..<sum.axis].reduce(1, *)
    let inner = shape.dimensions[(sum.axis + 1)...].reduce(1, *)
    let columns = Chunks(of: inner, size: scanWidth)
    let blocks = Chunks(
      of: outer * columns.number, work: scanGrain,
      workPerElement: length * Swift.min(inner, scanWidth))
    let (first, step) = sum.isReversed ? ((length - 1) * inner, -inner) : (0, inner)
    return Kernel(
      chunks: blocks.number, workerScratch: scanWidth * MemoryLayout<Double>.stride
    ) { arguments, chunk in
      let totals = unsafe arguments.scratch.assumingMemoryBound(to: Double.self)
      let source = unsafe arguments.input(0)
      let target = unsafe arguments.output()
      for block in blocks[chunk] {
        let range = columns[block % columns.number]
        var place = block / columns.number * length * inner + first + range.lowerBound
        unsafe totals.update(repeating: 0, count: range.count)
        for _ in 0..<length {
          for column in 0..<range.count {
            let before = unsafe totals[column]
            unsafe totals[column] += Double(source[place + column])
            unsafe target[place + column] = Scalar(sum.isExclusive ? before : totals[column])
          }
          place += step
        }
      }
    }
  }

  /// The place of an extreme along the last axis.
  static func argument(maximum: Bool, of shape: Shape) -> Kernel {
    let length = shape[-1]
    let rows = Chunks(of: shape.count / length, work: scanGrain, workPerElement: length)
    return Kernel(chunks: rows.number) { arguments, chunk in
      let range = rows[chunk]
      let target = unsafe arguments.rawOutput().assumingMemoryBound(to: Int32.self)
      unsafe Scalar.argumentRows(
        maximum: maximum, range.count, length, arguments.input(0) + range.lowerBound * length,
        target + range.lowerBound)
    }
  }
}
