// Unsafe: hands the pointers of operands, result and scratch to C loops. Offsets come from the
// operands' shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// A matrix operand: element (row, column) is at `row * rowStride + column * columnStride`.
private struct MatrixLayout: Sendable {
  let rowStride: Int
  let columnStride: Int

  /// A row-major matrix of `width` columns, read as it is or exchanged.
  init(width: Int, isTransposed: Bool) {
    (rowStride, columnStride) = isTransposed ? (1, width) : (width, 1)
  }

  /// The operand where it lies, from an element on.
  func inPlace(_ values: UnsafePointer<Float>) -> vm_left {
    unsafe vm_left(
      values: values, panel_stride: 8 * rowStride, row_stride: rowStride,
      depth_stride: columnStride)
  }

  /// Whether a row's elements lie one after another.
  var hasRows: Bool { columnStride == 1 }
}

extension vm_left {
  /// An operand that `vm_pack_left` packed.
  fileprivate init(panels: UnsafePointer<Float>, depth: Int) {
    unsafe self.init(values: panels, panel_stride: 8 * depth, row_stride: 1, depth_stride: 8)
  }
}

extension vm_results {
  /// Rows of a matrix of `width` columns, which replace what is there.
  fileprivate init(rows: UnsafeMutablePointer<Float>, width: Int) {
    unsafe self.init(values: rows, panel_stride: 8 * width, row_stride: width, adds: 0)
  }
}

extension Kernel<Float> {
  /// Multiply-adds below which a product is one chunk: about 20 microseconds on one core.
  private static var panelGrain: Int { 1 << 21 }
  /// Depth up to which the transposed left operand of a small product is read where it lies: its
  /// lines stay in the first-level cache.
  private static var deepestUnpacked: Int { 256 }
  /// Fewer rows do not repay packing the right operand.
  private static var fewestPackedRows: Int { 6 }
  /// Rows of a piece of the result and, at most, its columns: its operands stay in a core's
  /// second-level cache.
  private static var pieceRows: Int { 256 }
  private static var pieceColumns: Int { 96 }
  /// Pieces of one row of pieces: as many for each of two or four threads.
  private static var evenPieces: Int { 4 }
  /// Numbers of a right operand that stays in that cache as a whole. Pieces are whole rows then, so
  /// that a thread finds its part of a result one after another, as element-wise steps cut it.
  private static var smallRight: Int { 1 << 17 }

  /// Whole tiles of the fastest kernels, which have six rows or eight. Measured with six: pieces of eight rows,
  /// two tiles of four, are some hundredths slower. Products of few rows are cut finer, so that there is work for all threads.
  private static var tileRows: Int { 24 }

  /// Multiply-adds below which a product of few rows is one chunk.
  private static var rowGrain: Int { 1 << 16 }

  /// Products of matrices whose operands are packed in panels first; a frozen right operand once
  /// and for all. Products of few rows read their operands where they lie, or are OpenBLAS's.
  static func panelProduct(_ product: MatMul, _ call: KernelCall) -> Kernel {
    let (left, right) = (call.inputs[0], call.inputs[1])
    let (rows, columns, inner) = product.sizes(left, right)
    let batch = call.output.dimensions.dropLast(2).reduce(1, *)
    if rows < fewestPackedRows || call.output.count == 0 || inner == 0 {
      let isRead = batch == 1 && product.transposesRight && !product.transposesLeft
      return isRead && call.output.count > 0 && inner > 0
        ? rowProduct(rows, columns, inner, call.finish) : matrixProduct(product, call)
    }
    let layouts = (
      MatrixLayout(width: left[-1], isTransposed: product.transposesLeft),
      MatrixLayout(width: right[-1], isTransposed: product.transposesRight)
    )
    let size = (rows, columns, inner)
    return batch > 1 || rows * columns * inner < panelGrain
      ? wholeProducts(batch, size, layouts, call.finish) : cutProduct(size, layouts, call.finish)
  }

  /// A product of few rows with a matrix whose columns lie one after another.
  private static func rowProduct(
    _ rows: Int, _ columns: Int, _ inner: Int, _ finish: Finish?
  ) -> Kernel {
    let pieces = Chunks(of: columns, work: rowGrain, workPerElement: rows * inner)
    var kernel = Kernel(chunks: pieces.number) { arguments, chunk in
      let range = pieces[chunk]
      unsafe vm_row_product(
        rows, range.count, inner, arguments.input(0),
        arguments.input(1) + range.lowerBound * inner, arguments.output() + range.lowerBound,
        columns, arguments.columnFinish(finish, from: range.lowerBound))
    }
    kernel.isFinished = true
    return kernel
  }

  /// Each product on one thread: those of a batch, and one too small to be shared.
  private static func wholeProducts(
    _ batch: Int, _ size: (rows: Int, columns: Int, inner: Int),
    _ layouts: (left: MatrixLayout, right: MatrixLayout), _ finish: Finish?
  ) -> Kernel {
    let (rows, columns, inner) = size
    let packsLeft = !layouts.left.hasRows && inner > deepestUnpacked
    let packedLeft = packsLeft ? (rows + 7) / 8 * 8 * inner : 0
    let packedRight = (columns + 15) / 16 * 16 * inner
    let matrices = Chunks(of: batch, work: panelGrain, workPerElement: rows * columns * inner)
    var kernel = Kernel(
      chunks: matrices.number,
      workerScratch: (packedLeft + packedRight) * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let packed = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let packedColumns = unsafe packed + packedLeft
      for matrix in matrices[chunk] {
        let left = unsafe arguments.input(0) + matrix * rows * inner
        let output = unsafe arguments.output() + matrix * rows * columns
        let finish = unsafe arguments.columnFinish(finish, from: 0)
        unsafe vm_pack_right(
          inner, columns, arguments.input(1) + matrix * inner * columns, layouts.right.rowStride,
          layouts.right.columnStride, packedColumns)
        if packsLeft {
          unsafe vm_pack_left(
            rows, inner, left, layouts.left.rowStride, layouts.left.columnStride, packed)
        }
        unsafe vm_product(
          rows, columns, inner,
          packsLeft ? vm_left(panels: packed, depth: inner) : layouts.left.inPlace(left),
          packedColumns, vm_results(rows: output, width: columns), finish)
      }
    }
    kernel.isFinished = true
    return kernel
  }

  /// The right operand in panels.
  private static func rightPacking(
    _ size: (rows: Int, columns: Int, inner: Int), _ layout: MatrixLayout
  ) -> Packing {
    let (_, columns, inner) = size
    let pieces = Chunks(of: columns, size: 3 * VM_PANEL_LANES)
    let phase = Phase(chunks: pieces.number) { arguments, chunk in
      let range = pieces[chunk]
      let right = unsafe arguments.packed.assumingMemoryBound(to: Float.self)
      unsafe vm_pack_right(
        inner, range.count, arguments.input(1) + range.lowerBound * layout.columnStride,
        layout.rowStride, layout.columnStride, right + range.lowerBound * inner)
    }
    return Packing(
      operand: 1, form: "right \(inner) \(columns) \(layout)",
      bytes: (columns + 15) / 16 * 16 * inner * MemoryLayout<Float>.stride,
      phases: [phase])
  }

  /// The columns of a wide product in pieces of whole vectors.
  private static func pieces(ofColumns columns: Int, _ rowPieces: Int) -> Chunks {
    var number = (columns + pieceColumns - 1) / pieceColumns
    if rowPieces == 1 { number = (number + evenPieces - 1) / evenPieces * evenPieces }
    let lanes = VM_PANEL_LANES
    return Chunks(of: columns, size: ((columns + number - 1) / number + lanes - 1) / lanes * lanes)
  }

  /// One product, packed and multiplied in pieces.
  private static func cutProduct(
    _ size: (rows: Int, columns: Int, inner: Int),
    _ layouts: (left: MatrixLayout, right: MatrixLayout), _ finish: Finish?
  ) -> Kernel {
    let (rows, columns, inner) = size
    let isWide = inner * columns > smallRight
    let rowPieces =
      isWide
      ? Chunks(of: rows, size: pieceRows)
      : Chunks(
        of: rows, work: panelGrain / 4, workPerElement: columns * inner,
        unit: rows < 8 * tileRows ? 8 : tileRows)
    let columnPieces =
      isWide ? pieces(ofColumns: columns, rowPieces.number) : Chunks(of: columns, size: columns)
    let packsLeft = !layouts.left.hasRows
    let product = Phase(chunks: rowPieces.number * columnPieces.number) { arguments, chunk in
      let row = rowPieces[chunk % rowPieces.number]
      let column = columnPieces[chunk / rowPieces.number]
      let right =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self) + column.lowerBound * inner
      let left =
        packsLeft
        ? unsafe vm_left(
          panels: arguments.shared.assumingMemoryBound(to: Float.self) + row.lowerBound * inner,
          depth: inner)
        : unsafe layouts.left.inPlace(
          arguments.input(0) + row.lowerBound * layouts.left.rowStride)
      let results = unsafe arguments.output() + row.lowerBound * columns + column.lowerBound
      unsafe vm_product(
        row.count, column.count, inner, left, right, vm_results(rows: results, width: columns),
        arguments.columnFinish(finish, from: column.lowerBound))
    }
    let leftPieces = Chunks(of: rows, size: 32)
    let packLeft = Phase(chunks: leftPieces.number) { arguments, chunk in
      let range = leftPieces[chunk]
      let left = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
      unsafe vm_pack_left(
        range.count, inner, arguments.input(0) + range.lowerBound * layouts.left.rowStride,
        layouts.left.rowStride, layouts.left.columnStride, left + range.lowerBound * inner)
    }
    let packed = (rows + 7) / 8 * 8 * inner * MemoryLayout<Float>.stride
    var kernel = Kernel(
      phases: packsLeft ? [packLeft, product] : [product], sharedScratch: packsLeft ? packed : 0)
    kernel.packing = rightPacking(size, layouts.right)
    kernel.isFinished = true
    return kernel
  }
}
