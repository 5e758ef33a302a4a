// Unsafe: copies between raw memory; every place comes from the layout, which is made for the
// operand's and the result's shapes.

import CVectorMath

/// A padded tensor seen as [outer, rows, columns, inner]: the columns are its last padded axis, the
/// rows all axes from the first padded one to there.
struct BorderLayout: Sendable {
  let outer: Int
  /// For each row of the result, the operand's row that it repeats.
  let rowSources: [Int]
  /// Rows of the operand.
  let rows: Int
  /// Columns of the operand, and of the result before and after those.
  let columns: Int
  let low: Int
  let high: Int
  /// For each column of the border, its place in the result and the operand's that it repeats.
  let borderColumns: [(place: Int, source: Int)]
  let inner: Int

  init(_ border: PadBorder, _ source: Shape) {
    let padded = source.dimensions.indices.filter { border.low[$0] + border.high[$0] > 0 }
    guard let first = padded.first, let last = padded.last else {
      (outer, rowSources, rows, columns, low, high) = (1, [0], 1, source.count, 0, 0)
      (borderColumns, inner) = ([], 1)
      return
    }
    outer = source.dimensions[..<first].reduce(1, *)
    inner = source.dimensions[(last + 1)...].reduce(1, *)
    rows = source.dimensions[first..<last].reduce(1, *)
    (columns, low, high) = (source[last], border.low[last], border.high[last])
    var rowSources = [0]
    for axis in first..<last {
      let places = border.sources(axis, source[axis])
      rowSources = rowSources.flatMap { outer in places.map { outer * source[axis] + $0 } }
    }
    self.rowSources = rowSources
    let places = border.sources(last, columns)
    let inside = low..<low + columns
    borderColumns = places.enumerated().filter { !inside.contains($0.offset) }
      .map { ($0.offset, $0.element) }
  }

  /// Elements of a row of the operand and of the result.
  var rowLength: Int { columns * inner }
  var paddedRowLength: Int { (low + columns + high) * inner }

  /// The result's rows that repeat each row of the operand, one list after another, and where each
  /// list begins.
  var repetitions: (starts: [Int], rows: [Int]) {
    var lists = [[Int]](repeating: [], count: rows)
    for (row, source) in rowSources.enumerated() { lists[source].append(row) }
    return (
      lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }, Array(lists.joined())
    )
  }
}

extension PadBorder {
  /// For each place of the padded axis, the place of the operand that it repeats.
  fileprivate func sources(_ axis: Int, _ extent: Int) -> [Int] {
    (-low[axis]..<extent + high[axis]).map { place in
      switch mode {
      case .edge: min(max(place, 0), extent - 1)
      case .reflect: place < 0 ? -place : place < extent ? place : 2 * (extent - 1) - place
      }
    }
  }
}

extension Kernel {
  /// Elements that one chunk copies.
  private static var borderGrain: Int { 32_768 }

  /// A tensor with its border.
  static func padded(_ layout: BorderLayout, _ type: ElementType) -> Kernel {
    switch type {
    case .real: padded(layout, Scalar.self)
    case .index: padded(layout, Int32.self)
    case .byte: padded(layout, UInt8.self)
    }
  }

  private static func padded<Element: BitwiseCopyable>(
    _ layout: BorderLayout, _: Element.Type
  ) -> Kernel {
    let rows = layout.rowSources.count
    let chunks = Chunks(
      of: layout.outer * rows, work: borderGrain, workPerElement: layout.paddedRowLength)
    return Kernel(chunks: chunks.number) { arguments, chunk in
      let input = unsafe arguments.rawInput(0).assumingMemoryBound(to: Element.self)
      let output = unsafe arguments.rawOutput().assumingMemoryBound(to: Element.self)
      let inner = layout.inner
      for row in chunks[chunk] {
        let place = row / rows * layout.rows + layout.rowSources[row % rows]
        let source = unsafe input + place * layout.rowLength
        let target = unsafe output + row * layout.paddedRowLength
        unsafe (target + layout.low * inner).update(from: source, count: layout.rowLength)
        for (place, column) in layout.borderColumns {
          for index in 0..<inner {
            unsafe target[place * inner + index] = source[column * inner + index]
          }
        }
      }
    }
  }

  /// The cotangent of a tensor from that of it with its border. Each of its rows adds up, in a fixed
  /// order, the rows that repeat it.
  static func paddedGradient(_ layout: BorderLayout) -> Kernel {
    let (starts, repetitions) = layout.repetitions
    let chunks = Chunks(
      of: layout.outer * layout.rows, work: borderGrain, workPerElement: layout.paddedRowLength)
    return Kernel(chunks: chunks.number) { arguments, chunk in
      let (inner, length) = (layout.inner, layout.rowLength)
      for row in chunks[chunk] {
        let target = unsafe arguments.output() + row * length
        let plane = row / layout.rows * layout.rowSources.count
        let list = starts[row % layout.rows]..<starts[row % layout.rows + 1]
        for index in list {
          let source =
            unsafe arguments.input(0)
            + (plane + repetitions[index]) * layout.paddedRowLength
          let inside = unsafe source + layout.low * inner
          if index == list.lowerBound {
            unsafe target.update(from: inside, count: length)
          } else {
            unsafe Scalar.binary(VM_BINARY_ADD, length, target, 1, inside, 1, target)
          }
          for (place, column) in layout.borderColumns {
            for index in 0..<inner {
              unsafe target[column * inner + index] += source[place * inner + index]
            }
          }
        }
      }
    }
  }
}
