/// Elements that lie at regular steps in an array of bytes, as views of a larger tensor and tensors
/// with exchanged axes do.
struct StridedElements: Sendable, Hashable {
  /// The extents, outermost first.
  var shape: [Int]
  /// How many elements lie between neighbours along each axis.
  var strides: [Int]
  /// How many elements lie before the first one.
  var offset: Int

  /// Elements that follow each other, the last axis fastest.
  init(rowMajor shape: [Int]) {
    self.init(shape: shape, strides: Self.strides(of: shape.reversed()).reversed(), offset: 0)
  }

  /// Elements that follow each other, the first axis fastest.
  init(columnMajor shape: [Int]) {
    self.init(shape: shape, strides: Self.strides(of: shape), offset: 0)
  }

  /// Elements with steps of their own.
  init(shape: [Int], strides: [Int], offset: Int) {
    precondition(shape.count == strides.count)
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// The steps along axes of which the first is the fastest.
  private static func strides(of shape: [Int]) -> [Int] {
    var step = 1
    return shape.map { extent in
      defer { step *= max(extent, 1) }
      return step
    }
  }

  /// Whether all elements are among `count`; false where a place overflows.
  func isInside(_ count: Int) -> Bool {
    guard offset >= 0, offset <= count, (strides + shape).allSatisfy({ $0 >= 0 }) else {
      return false
    }
    if shape.contains(0) { return true }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (way, isTooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (place, isBeyond) = last.addingReportingOverflow(way)
      if isTooFar || isBeyond { return false }
      last = place
    }
    return last < count
  }

  /// The elements, each of `size` bytes, one after another with the last axis fastest. They must
  /// all be inside `bytes`.
  func gathered(from bytes: [UInt8], size: Int) -> [UInt8] {
    let count = shape.reduce(1, *)
    if count == 0 { return [] }
    let (axes, run) = runs()
    if run == count {
      let all = offset * size..<(offset + count) * size
      return all == 0..<bytes.count ? bytes : Array(bytes[all])
    }
    var result: [UInt8] = []
    result.reserveCapacity(count * size)
    var place = [Int](repeating: 0, count: axes)
    var source = offset
    for _ in 0..<count / run {
      result += bytes[source * size..<(source + run) * size]
      for axis in (0..<axes).reversed() {
        place[axis] += 1
        // A step past the last element of an axis is taken back; until then it may overflow.
        source &+= strides[axis]
        if place[axis] < shape[axis] { break }
        source &-= place[axis] &* strides[axis]
        place[axis] = 0
      }
    }
    return result
  }

  /// How many elements follow each other without a gap, and how many axes are left beside those
  /// that such a run takes.
  private func runs() -> (axes: Int, run: Int) {
    var (axes, run) = (shape.count, 1)
    while axes > 0, shape[axes - 1] == 1 || strides[axes - 1] == run {
      run *= shape[axes - 1]
      axes -= 1
    }
    return (axes, run)
  }
}
