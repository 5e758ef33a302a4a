// Unsafe: sorts in the thread's own memory, which has room for one line and two lists of its
// positions; offsets follow from the shape.

extension Kernel {
  /// Elements that one chunk sorts.
  private static var sortingGrain: Int { 4096 }

  static func sortOrder(_ call: KernelCall, axis: Int, descends: Bool) -> Kernel {
    let lines = Lines(call.output, axis)
    let count = lines.extent
    let valueBytes = count * MemoryLayout<Scalar>.stride
    let listBytes = count * MemoryLayout<Int32>.stride
    let chunks = Chunks(of: lines.outer * lines.inner, work: sortingGrain, workPerElement: count)
    return Kernel(
      chunks: lines.isEmpty ? 0 : chunks.number, workerScratch: valueBytes + 2 * listBytes
    ) { arguments, chunk in
      let values = unsafe arguments.scratch.assumingMemoryBound(to: Scalar.self)
      let lists = unsafe (arguments.scratch + valueBytes).assumingMemoryBound(to: Int32.self)
      for line in chunks[chunk] {
        let (outer, column) = line.quotientAndRemainder(dividingBy: lines.inner)
        let first = outer * count * lines.inner + column
        let x = unsafe arguments.input(0) + first
        let y = unsafe arguments.rawOutput().assumingMemoryBound(to: Int32.self) + first
        // Descending order is the ascending one of the opposite numbers.
        for place in 0..<count {
          unsafe values[place] = descends ? -x[place * lines.inner] : x[place * lines.inner]
        }
        let order = unsafe sortedPositions(values, count, lists, lists + count, descends)
        for place in 0..<count { unsafe y[place * lines.inner] = order[place] }
      }
    }
  }

  /// The positions of `count` numbers in ascending order, in one of the two lists: a merge sort
  /// from runs of one upwards.
  private static func sortedPositions(
    _ values: UnsafePointer<Scalar>, _ count: Int, _ list: UnsafeMutablePointer<Int32>,
    _ other: UnsafeMutablePointer<Int32>, _ nanFirst: Bool
  ) -> UnsafeMutablePointer<Int32> {
    var (source, target) = unsafe (list, other)
    for place in 0..<count { unsafe source[place] = Int32(truncatingIfNeeded: place) }
    var run = 1
    while run < count {
      for start in stride(from: 0, to: count, by: 2 * run) {
        let middle = Swift.min(start + run, count)
        let end = Swift.min(start + 2 * run, count)
        var (left, right) = (start, middle)
        for place in start..<end {
          let takesRight =
            unsafe left == middle
            || (right < end
              && isBefore(values[Int(source[right])], values[Int(source[left])], nanFirst))
          if takesRight {
            unsafe target[place] = source[right]
            right += 1
          } else {
            unsafe target[place] = source[left]
            left += 1
          }
        }
      }
      unsafe swap(&source, &target)
      run *= 2
    }
    return unsafe source
  }

  /// Whether `a` must stand before `b`, so that what is not a number stands at one end.
  private static func isBefore(_ a: Scalar, _ b: Scalar, _ nanFirst: Bool) -> Bool {
    a < b || (nanFirst ? a.isNaN && !b.isNaN : b.isNaN && !a.isNaN)
  }
}
