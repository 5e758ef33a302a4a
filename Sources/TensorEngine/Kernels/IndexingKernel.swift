// Unsafe: reads and writes at positions that come from data. Every position is compared with the
// axis's extent before it becomes an offset; all else follows from the shapes.

extension Kernel {
  /// Elements that one chunk moves.
  private static var indexingGrain: Int { 16_384 }
  /// Chunks that share a target of a scatter at most: each looks at all positions.
  private static var maximumShares: Int { 16 }

  static func gather(_ call: KernelCall, axis: Int, marksMissing: Bool) -> Kernel {
    let lines = Lines(call.inputs[0], axis)
    let positions = call.inputs[1].count
    let size = call.inputTypes[0].size(real: MemoryLayout<Scalar>.stride)
    let row = lines.inner * size
    let marks = marksMissing && call.inputTypes[0] == .real
    let chunks = Chunks(
      of: lines.outer * positions, work: indexingGrain, workPerElement: lines.inner)
    return Kernel(chunks: row == 0 ? 0 : chunks.number) { arguments, chunk in
      let index = unsafe arguments.rawInput(1).assumingMemoryBound(to: Int32.self)
      for target in chunks[chunk] {
        let (outer, place) = target.quotientAndRemainder(dividingBy: positions)
        let position = unsafe Int(index[place])
        let to = unsafe arguments.rawOutput() + target * row
        if position >= 0, position < lines.extent {
          let from = unsafe arguments.rawInput(0) + (outer * lines.extent + position) * row
          unsafe to.copyMemory(from: from, byteCount: row)
        } else if marks {
          unsafe to.assumingMemoryBound(to: Scalar.self).update(
            repeating: .nan, count: lines.inner)
        } else {
          unsafe to.initializeMemory(as: UInt8.self, repeating: 0, count: row)
        }
      }
    }
  }

  /// Every chunk owns a range of the target's rows and adds what belongs there in the order of the
  /// positions.
  static func scatterAdd(_ call: KernelCall, axis: Int) -> Kernel {
    let lines = Lines(call.output, axis)
    let positions = call.inputs[1].count
    let share = (lines.extent + maximumShares - 1) / maximumShares
    let shares = Chunks(
      of: lines.extent,
      size: Swift.max(share, indexingGrain / Swift.max(1, lines.inner)))
    return Kernel(chunks: lines.outer * shares.number) { arguments, chunk in
      let (outer, number) = chunk.quotientAndRemainder(dividingBy: shares.number)
      let range = shares[number]
      let index = unsafe arguments.rawInput(1).assumingMemoryBound(to: Int32.self)
      let target = unsafe arguments.output() + outer * lines.extent * lines.inner
      let source = unsafe arguments.input(0) + outer * positions * lines.inner
      unsafe (target + range.lowerBound * lines.inner).update(
        repeating: 0, count: range.count * lines.inner)
      for place in 0..<positions {
        let position = unsafe Int(index[place])
        guard position >= range.lowerBound, position < range.upperBound else { continue }
        let from = unsafe source + place * lines.inner
        let to = unsafe target + position * lines.inner
        for column in 0..<lines.inner { unsafe to[column] += from[column] }
      }
    }
  }

  static func takeAlong(_ call: KernelCall, axis: Int, marksMissing: Bool) -> Kernel {
    switch call.inputTypes[0] {
    case .real: taking(call, axis, missing: marksMissing ? Scalar.nan : 0)
    case .index: taking(call, axis, missing: Int32(0))
    case .byte: taking(call, axis, missing: UInt8(0))
    }
  }

  private static func taking<Element: BitwiseCopyable & Sendable>(
    _ call: KernelCall, _ axis: Int, missing: Element
  ) -> Kernel {
    let source = Lines(call.inputs[0], axis)
    let target = Lines(call.output, axis)
    let chunks = Chunks(
      of: target.outer, work: indexingGrain, workPerElement: target.extent * target.inner)
    return Kernel(chunks: target.isEmpty ? 0 : chunks.number) { arguments, chunk in
      for outer in chunks[chunk] {
        let first = outer * target.extent * target.inner
        let x =
          unsafe arguments.rawInput(0).assumingMemoryBound(to: Element.self)
          + outer * source.extent * source.inner
        let index = unsafe arguments.rawInput(1).assumingMemoryBound(to: Int32.self) + first
        let y = unsafe arguments.rawOutput().assumingMemoryBound(to: Element.self) + first
        for place in 0..<target.extent {
          for column in 0..<target.inner {
            let offset = place * target.inner + column
            let position = unsafe Int(index[offset])
            let isInside = position >= 0 && position < source.extent
            unsafe y[offset] = isInside ? x[position * source.inner + column] : missing
          }
        }
      }
    }
  }

  /// Chunks take whole lines, each in the order of its elements.
  static func addAlong(_ call: KernelCall, axis: Int) -> Kernel {
    let source = Lines(call.inputs[0], axis)
    let target = Lines(call.output, axis)
    let chunks = Chunks(
      of: target.outer, work: indexingGrain,
      workPerElement: (target.extent + source.extent) * target.inner)
    return Kernel(chunks: target.isEmpty ? 0 : chunks.number) { arguments, chunk in
      for outer in chunks[chunk] {
        let first = outer * source.extent * source.inner
        let x = unsafe arguments.input(0) + first
        let index = unsafe arguments.rawInput(1).assumingMemoryBound(to: Int32.self) + first
        let y = unsafe arguments.output() + outer * target.extent * target.inner
        unsafe y.update(repeating: 0, count: target.extent * target.inner)
        for place in 0..<source.extent {
          for column in 0..<source.inner {
            let offset = place * source.inner + column
            let position = unsafe Int(index[offset])
            if position >= 0, position < target.extent {
              unsafe y[position * target.inner + column] += x[offset]
            }
          }
        }
      }
    }
  }
}

/// A shape seen as [outer, extent, inner] around one of its axes.
struct Lines: Sendable {
  let outer: Int
  let extent: Int
  let inner: Int

  init(_ shape: Shape, _ axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    extent = shape.dimensions[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  var isEmpty: Bool { outer * extent * inner == 0 }
}
