import CVectorMath
import Testing

/// A copy between two layouts of an array.
struct CopyCase: CustomTestStringConvertible, Sendable {
  var dims: [Int]
  var source: [Int]
  var target: [Int]

  var testDescription: String { "\(dims) from \(source) to \(target)" }

  /// Row-major strides of an array.
  static func contiguous(_ dims: [Int]) -> [Int] {
    dims.indices.map { dims[($0 + 1)...].reduce(1, *) }
  }

  /// To a contiguous target.
  init(_ dims: [Int], from source: [Int]) {
    self.init(dims, from: source, to: Self.contiguous(dims))
  }

  init(_ dims: [Int], from source: [Int], to target: [Int]) {
    (self.dims, self.source, self.target) = (dims, source, target)
  }

  static let all: [CopyCase] = [
    CopyCase([], from: []),
    CopyCase([1, 1], from: [5, 7]),
    CopyCase([0, 3], from: [3, 1]),
    CopyCase([100], from: [1]),
    CopyCase([100], from: [0]),
    CopyCase([100], from: [2]),
    CopyCase([33], from: [-1]),
    CopyCase([33], from: [3], to: [2]),
    CopyCase([17], from: [1], to: [-2]),
    CopyCase([4, 5, 6], from: [30, 6, 1]),
    CopyCase([5, 20], from: [40, 1]),
    CopyCase([5, 7], from: [10, 1], to: [9, 1]),
    CopyCase([6, 9], from: [0, 1]),
    CopyCase([6, 9], from: [1, 0]),
    CopyCase([40, 37], from: [1, 40]),
    CopyCase([37, 40], from: [1, 41]),
    CopyCase([3, 50], from: [1, 3]),
    CopyCase([50, 3], from: [1, 50]),
    CopyCase([4, 4], from: [1, 4], to: [1, 4]),
    CopyCase([3, 19, 21], from: [399, 1, 19]),
    CopyCase([2, 3, 4, 5], from: [1, 2, 6, 24]),
    CopyCase([2, 3, 4, 5], from: [60, 5, 15, 1]),
    CopyCase([7, 8, 9], from: [-72, 9, -1]),
    CopyCase([2, 1, 3, 2, 2, 2, 1, 3], from: [1, 9, 2, 6, 12, 24, 5, 48]),
    CopyCase([2, 2, 2, 2, 2, 2, 2, 2], from: [1, 2, 4, 8, 16, 32, 64, 128]),
  ]

  /// The place of every index, counted from the lowest one, and how many places that spans.
  func places(_ strides: [Int]) -> (origin: Int, span: Int, places: [Int]) {
    var places = [0]
    for (dim, stride) in zip(dims, strides) {
      places = places.flatMap { place in (0..<dim).map { place + $0 * stride } }
    }
    let low = min(places.min() ?? 0, 0), high = max(places.max() ?? 0, 0)
    return (-low, high - low + 1, places.map { $0 - low })
  }
}

/// `vm_copy_strided` between buffers of which element `origin` has index zero. The target keeps
/// the value 99 where nothing is written.
private func copied<T: FixedWidthInteger>(_ copy: CopyCase, _ source: [T], span: Int) -> [T] {
  var target = [T](repeating: 99, count: span)
  let from = copy.places(copy.source).origin, to = copy.places(copy.target).origin
  unsafe source.withUnsafeBufferPointer { source in
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe vm_copy_strided(
        Int32(MemoryLayout<T>.size), Int32(copy.dims.count), copy.dims, copy.source, copy.target,
        source.baseAddress.map { unsafe $0 + from }, target.baseAddress.map { unsafe $0 + to })
    }
  }
  return target
}

@Suite struct CopyTests {
  private func check<T: FixedWidthInteger>(_ copy: CopyCase, _: T.Type) {
    let from = copy.places(copy.source), to = copy.places(copy.target)
    let source = (0..<from.span).map { T(truncatingIfNeeded: $0 &* 0x1E37_79B9_7F4A_7C15 >> 7) }
    var expected = [T](repeating: 99, count: to.span)
    for (old, new) in zip(from.places, to.places) { expected[new] = source[old] }
    #expect(copied(copy, source, span: to.span) == expected)
  }

  @Test(arguments: CopyCase.all)
  func everyElementArrivesAndNothingElseChanges(_ copy: CopyCase) {
    check(copy, UInt8.self)
    check(copy, UInt32.self)
    check(copy, UInt64.self)
  }
}
