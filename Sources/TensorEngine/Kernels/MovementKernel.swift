// Unsafe: copies between raw memory; offsets and strides come from the operands' shapes.

import CVectorMath

/// A copy between two layouts of the same extents; offsets and strides in elements.
struct StridedCopy: Sendable {
  var source = 0
  var dimensions: [Int]
  var sourceOffset = 0
  var sourceStrides: [Int]
  var targetOffset = 0
  var targetStrides: [Int]
}

extension MovementPrimitive where Self: KernelPrimitive & StridedMovement {
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .movement(copies(call), call, gaps: gaps)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .movement(copies(call), call, gaps: gaps)
  }
}

/// A movement that is a few strided copies.
protocol StridedMovement {
  /// The copies that make up the result, in any order.
  func copies(_ call: KernelCall) -> [StridedCopy]
  /// The number at places of the result that the copies leave untouched, if there are any.
  var gaps: Double? { get }
}

extension StridedMovement {
  var gaps: Double? { nil }
}

extension Kernel {
  /// Elements that one chunk copies.
  private static var copyGrain: Int { 32_768 }

  static func movement(_ copies: [StridedCopy], _ call: KernelCall, gaps: Double?) -> Kernel {
    var phases = gaps.map { [filling(call.output.count, call.inputTypes[0], with: $0)] } ?? []
    let size = call.inputTypes[0].size(real: MemoryLayout<Scalar>.size)
    let parts = copies.filter { !$0.dimensions.contains(0) }.map { phase($0, size) }
    if !parts.isEmpty { phases.append(Phase(together: parts)) }
    return Kernel(phases: phases)
  }

  /// One number at all places; it is known to be one of the type's.
  private static func filling(_ count: Int, _ type: ElementType, with value: Double) -> Phase {
    switch type {
    case .real: filling(count, with: Scalar(value))
    case .index: filling(count, with: Int32(value))
    case .byte: filling(count, with: UInt8(value))
    }
  }

  private static func filling<Element: BitwiseCopyable & Sendable>(
    _ count: Int, with value: Element
  ) -> Phase {
    let chunks = Chunks(of: count, size: copyGrain)
    return Phase(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      let target = unsafe arguments.rawOutput().assumingMemoryBound(to: Element.self)
      unsafe (target + range.lowerBound).update(repeating: value, count: range.count)
    }
  }

  /// One copy, cut along its outermost axis.
  private static func phase(_ copy: StridedCopy, _ size: Int) -> Phase {
    let copy = copy.dimensions.isEmpty ? copy.withAxis : copy
    let inner = copy.dimensions.dropFirst().reduce(1, *)
    let chunks = Chunks(of: copy.dimensions[0], work: copyGrain, workPerElement: inner)
    let whole = copy.replacingOutermost(with: chunks[0].count)
    let last = copy.replacingOutermost(with: chunks[chunks.number - 1].count)
    return Phase(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      let dimensions = chunk == chunks.number - 1 ? last : whole
      let from = copy.sourceOffset + range.lowerBound * copy.sourceStrides[0]
      let to = copy.targetOffset + range.lowerBound * copy.targetStrides[0]
      unsafe vm_copy_strided(
        Int32(size), Int32(dimensions.count), dimensions, copy.sourceStrides, copy.targetStrides,
        arguments.rawInput(copy.source) + from * size, arguments.rawOutput() + to * size)
    }
  }
}

extension StridedCopy {
  /// The extents of a piece cut from the outermost axis.
  fileprivate func replacingOutermost(with extent: Int) -> [Int] {
    [extent] + dimensions.dropFirst()
  }

  /// A scalar's copy, as one along an axis of extent 1.
  fileprivate var withAxis: StridedCopy {
    var copy = self
    copy.dimensions = [1]
    copy.sourceStrides = [1]
    copy.targetStrides = [1]
    return copy
  }
}
