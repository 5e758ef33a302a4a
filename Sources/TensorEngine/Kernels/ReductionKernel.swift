// Unsafe: reads and writes raw memory; offsets come from the operand's shape.

import CVectorMath

extension Kernel {
  /// Elements that one chunk reads.
  private static var reductionGrain: Int { 32_768 }

  /// Combines the elements along `axes`. The operand is seen as alternating runs of kept and
  /// reduced axes; the innermost run decides whether rows are combined to numbers or rows are
  /// combined with rows.
  static func reduction(_ op: vm_reduce_op, of shape: Shape, axes: [Int]) -> Kernel {
    var runs = AxisRuns(shape, reduced: Set(axes))
    let kept = runs.keptCount
    if runs.isEmptyReduction {
      return Kernel(chunks: 1) { arguments, _ in
        unsafe Scalar.reduceColumns(
          op, 0, kept, arguments.input(0), 0, arguments.output(), isFirst: true)
      }
    }
    if kept == 0 { return Kernel(phases: []) }
    let inner = runs.removeInnermost()
    return inner.isReduced
      ? reducingRows(op, runs, length: inner.extent)
      : reducingColumns(op, runs, length: inner.extent)
  }

  /// The innermost run is reduced: [outer runs..., length] -> one number per outer kept place.
  /// Long or nested reductions go through partial results per row, combined in a second phase.
  private static func reducingRows(_ op: vm_reduce_op, _ outer: AxisRuns, length: Int) -> Kernel {
    let rows = outer.count
    if outer.reducedCount == 1 {
      if rows == 1, length > reductionGrain { return reducingLongRow(op, length) }
      let chunks = Chunks(of: rows, work: reductionGrain, workPerElement: length)
      return Kernel(chunks: chunks.number) { arguments, chunk in
        let range = chunks[chunk]
        unsafe Scalar.reduceRows(
          op, range.count, length, arguments.input(0) + range.lowerBound * length, length,
          arguments.output() + range.lowerBound)
      }
    }
    let chunks = Chunks(of: rows, work: reductionGrain, workPerElement: length)
    let first = Phase(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self)
      unsafe Scalar.reduceRows(
        op, range.count, length, arguments.input(0) + range.lowerBound * length, length,
        partial + range.lowerBound)
    }
    let (places, steps, stride) = (outer.keptOffsets, outer.reducedOffsets, outer.reducedStride)
    let isContiguous = places == Array(0..<places.count)
    let second = Phase(chunks: 1) { arguments, _ in
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self)
      if let stride, isContiguous {
        unsafe Scalar.reduceColumns(
          op, steps.count, places.count, partial, stride, arguments.output(), isFirst: true)
        return
      }
      for (place, offset) in places.enumerated() {
        for (index, step) in steps.enumerated() {
          unsafe Scalar.reduceColumns(
            op, 1, 1, partial + offset + step, 1, arguments.output() + place, isFirst: index == 0)
        }
      }
    }
    return Kernel(phases: [first, second], sharedScratch: rows * MemoryLayout<Scalar>.stride)
  }

  /// One long row to one number, through one partial result per fixed piece.
  private static func reducingLongRow(_ op: vm_reduce_op, _ length: Int) -> Kernel {
    let chunks = Chunks(of: length, size: reductionGrain)
    let first = Phase(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self)
      unsafe Scalar.reduceRows(
        op, 1, range.count, arguments.input(0) + range.lowerBound, range.count, partial + chunk)
    }
    let second = Phase(chunks: 1) { arguments, _ in
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self)
      unsafe Scalar.reduceRows(
        op, 1, chunks.number, partial, chunks.number, arguments.output())
    }
    return Kernel(
      phases: [first, second], sharedScratch: chunks.number * MemoryLayout<Scalar>.stride)
  }

  /// The innermost run is kept: rows of `length` are combined with rows. Chunks take whole outer
  /// kept places, or, when there are too few of them, ranges of columns.
  private static func reducingColumns(
    _ op: vm_reduce_op, _ outer: AxisRuns, length: Int
  ) -> Kernel {
    let places = outer.keptOffsets
    let steps = outer.reducedOffsets
    let columns = Chunks(
      of: length, work: reductionGrain, workPerElement: steps.count, unit: 64)
    let evenStride = outer.reducedStride
    return Kernel(chunks: places.count * columns.number) { arguments, chunk in
      let place = chunk / columns.number
      let range = columns[chunk % columns.number]
      let source = unsafe arguments.input(0) + places[place] * length + range.lowerBound
      let target = unsafe arguments.output() + place * length + range.lowerBound
      if let stride = evenStride {
        unsafe Scalar.reduceColumns(
          op, steps.count, range.count, source, stride * length, target, isFirst: true)
      } else {
        for (index, step) in steps.enumerated() {
          unsafe Scalar.reduceColumns(
            op, 1, range.count, source + step * length, length, target, isFirst: index == 0)
        }
      }
    }
  }
}

/// A shape seen as alternating runs of kept and reduced axes, outermost first; neighbours of one
/// kind are merged and axes of extent 1 dropped. Offsets are in units of what lies inside.
struct AxisRuns: Sendable {
  struct Run: Sendable {
    let extent: Int
    let isReduced: Bool
  }

  private var runs: [Run] = []
  let isEmptyReduction: Bool

  init(_ shape: Shape, reduced: Set<Int>) {
    isEmptyReduction = reduced.contains { shape.dimensions[$0] == 0 }
    for (axis, extent) in shape.dimensions.enumerated() where extent != 1 {
      let isReduced = reduced.contains(axis)
      if let last = runs.last, last.isReduced == isReduced {
        runs[runs.count - 1] = Run(extent: last.extent * extent, isReduced: isReduced)
      } else {
        runs.append(Run(extent: extent, isReduced: isReduced))
      }
    }
  }

  var count: Int { runs.map(\.extent).reduce(1, *) }
  var keptCount: Int { runs.filter { !$0.isReduced }.map(\.extent).reduce(1, *) }
  var reducedCount: Int { runs.filter(\.isReduced).map(\.extent).reduce(1, *) }

  /// Takes away the innermost run; a scalar counts as one reduced element.
  mutating func removeInnermost() -> Run {
    runs.popLast() ?? Run(extent: 1, isReduced: true)
  }

  /// The offsets of the kept places, in the order of the result.
  var keptOffsets: [Int] { offsets { !$0.isReduced } }
  /// The offsets of what is combined at each kept place, in order.
  var reducedOffsets: [Int] { offsets(where: \.isReduced) }

  /// The distance between reduced places when they are evenly spaced.
  var reducedStride: Int? {
    let reduced = runs.indices.filter { runs[$0].isReduced }
    if reduced.isEmpty { return 1 }
    guard reduced.count == 1 else { return nil }
    return runs[(reduced[0] + 1)...].map(\.extent).reduce(1, *)
  }

  private func offsets(where isWanted: (Run) -> Bool) -> [Int] {
    var offsets = [0]
    for (index, run) in runs.enumerated() where isWanted(run) {
      let stride = runs[(index + 1)...].map(\.extent).reduce(1, *)
      offsets = offsets.flatMap { base in (0..<run.extent).map { base + $0 * stride } }
    }
    return offsets
  }
}
