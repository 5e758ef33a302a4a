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

/// Columns of a product that pack their part of the right operand themselves, as deep at a time as sums stay
/// in registers: the panels stay in a core's second-level cache, and the results have the bits of panels
/// packed as a whole.
private struct PassingPanels: Sendable {
  let inner: Int
  let layout: MatrixLayout

  /// Floats of the panels of so many columns.
  func floats(columns: Int) -> Int {
    (columns + VM_PANEL_LANES - 1) / VM_PANEL_LANES * VM_PANEL_LANES
      * Swift.min(inner, VM_DEPTH_BLOCK)
  }

  /// Multiplies pieces of rows with some columns.
  func multiply(
    _ rows: Chunks, _ columns: Range<Int>, _ right: UnsafePointer<Float>,
    through panels: UnsafeMutablePointer<Float>,
    to results: UnsafeMutablePointer<Float>, width: Int, _ finish: vm_finish,
    left: (_ row: Int) -> vm_left
  ) {
    let blocks = (inner + VM_DEPTH_BLOCK - 1) / VM_DEPTH_BLOCK
    for block in 0..<blocks {
      let depth = inner * block / blocks..<inner * (block + 1) / blocks
      unsafe vm_pack_right(
        depth.count, columns.count,
        right + depth.lowerBound * layout.rowStride + columns.lowerBound * layout.columnStride,
        layout.rowStride, layout.columnStride, panels)
      for piece in 0..<rows.number {
        let range = rows[piece]
        var left = unsafe left(range.lowerBound)
        unsafe left.values += depth.lowerBound * left.depth_stride
        var sums = unsafe vm_results(
          rows: results + range.lowerBound * width + columns.lowerBound, width: width)
        unsafe sums.adds = block > 0 ? 1 : 0
        unsafe vm_product(
          range.count, columns.count, depth.count, left, panels, sums,
          block + 1 < blocks ? vm_finish() : finish)
      }
    }
  }
}

extension Kernel<Float> {
  /// Multiply-adds below which a product is one chunk: about 20 microseconds on one core.
  private static var panelGrain: Int { 1 << 21 }
  /// Multiply-adds and rows from which a smaller product is two chunks, each of which packs the right operand for
  /// itself: for half as many rows that is a tenth of its work.
  private static var leastHalved: (work: Int, rows: Int) { (1 << 20, 64) }
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

  /// Each product on one thread: those of a batch, and one too small to be cut further than in halves.
  private static func wholeProducts(
    _ batch: Int, _ size: (rows: Int, columns: Int, inner: Int),
    _ layouts: (left: MatrixLayout, right: MatrixLayout), _ finish: Finish?
  ) -> Kernel {
    let (rows, columns, inner) = size
    let packsLeft = !layouts.left.hasRows && inner > deepestUnpacked
    let panels = PassingPanels(inner: inner, layout: layouts.right)
    let pieces =
      inner * columns > smallRight
      ? Chunks(of: columns, size: pieceColumns) : Chunks(of: columns, size: columns)
    let matrices = Chunks(of: batch, work: panelGrain, workPerElement: rows * columns * inner)
    let isHalved =
      batch == 1 && rows >= leastHalved.rows && rows * columns * inner >= leastHalved.work
    let parts = Chunks(of: rows, size: isHalved ? (rows + 15) / 16 * 8 : rows)
    let packedLeft = packsLeft ? (parts.size + 7) / 8 * 8 * inner : 0
    var kernel = Kernel(
      chunks: matrices.number * parts.number,
      workerScratch: (packedLeft + panels.floats(columns: pieces.size)) * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let packed = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let part = parts[chunk % parts.number]
      for matrix in matrices[chunk / parts.number] {
        let left =
          unsafe arguments.input(0) + matrix * rows * inner
          + part.lowerBound * layouts.left.rowStride
        if packsLeft {
          unsafe vm_pack_left(
            part.count, inner, left, layouts.left.rowStride, layouts.left.columnStride, packed)
        }
        for piece in 0..<pieces.number {
          unsafe panels.multiply(
            Chunks(of: part.count, size: pieceRows), pieces[piece],
            arguments.input(1) + matrix * inner * columns, through: packed + packedLeft,
            to: arguments.output() + (matrix * rows + part.lowerBound) * columns,
            width: columns, arguments.columnFinish(finish, from: pieces[piece].lowerBound)
          ) { row in
            packsLeft
              ? unsafe vm_left(panels: packed + row * inner, depth: inner)
              : unsafe layouts.left.inPlace(left + row * layouts.left.rowStride)
          }
        }
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
    let leftOperand: @Sendable (KernelArguments<Float>, Int) -> vm_left = { arguments, row in
      packsLeft
        ? unsafe vm_left(
          panels: arguments.shared.assumingMemoryBound(to: Float.self) + row * inner, depth: inner)
        : unsafe layouts.left.inPlace(arguments.input(0) + row * layouts.left.rowStride)
    }
    let product = Phase(chunks: rowPieces.number * columnPieces.number) { arguments, chunk in
      let row = rowPieces[chunk % rowPieces.number]
      let column = columnPieces[chunk / rowPieces.number]
      let right =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self) + column.lowerBound * inner
      let results = unsafe arguments.output() + row.lowerBound * columns + column.lowerBound
      unsafe vm_product(
        row.count, column.count, inner, leftOperand(arguments, row.lowerBound), right,
        vm_results(rows: results, width: columns),
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
    /// The kernel whose last phase is the product.
    @Sendable func kernel(_ product: Phase, workerScratch: Int = 0) -> Kernel {
      var kernel = Kernel(
        phases: packsLeft ? [packLeft, product] : [product], workerScratch: workerScratch,
        sharedScratch: packsLeft ? packed : 0)
      kernel.isFinished = true
      return kernel
    }
    var whole = kernel(product)
    whole.packing = rightPacking(size, layouts.right)
    guard isWide else { return whole }
    let panels = PassingPanels(inner: inner, layout: layouts.right)
    let wholePieces = pieces(ofColumns: columns, 1)
    whole.packing?.alone = {
      let product = Phase(chunks: wholePieces.number) { arguments, chunk in
        let range = wholePieces[chunk]
        unsafe panels.multiply(
          rowPieces, range, arguments.input(1),
          through: arguments.scratch.assumingMemoryBound(to: Float.self), to: arguments.output(),
          width: columns, arguments.columnFinish(finish, from: range.lowerBound)
        ) { row in unsafe leftOperand(arguments, row) }
      }
      return kernel(
        product,
        workerScratch: panels.floats(columns: wholePieces.size) * MemoryLayout<Float>.stride)
    }
    return whole
  }
}
