import CVectorMath
import Testing

/// Lengths around the lanes, the vectors and the blocks of the row loops.
private let lengths = [
  0, 1, 2, 7, 15, 16, 17, 63, 64, 65, 100, 130, 4095, 4096, 4097, 8192, 40_001,
]

/// Reproducible values in -1...1, with whole multiples of 2^-10.
private func sample<T: VectorScalar>(_ count: Int, _: T.Type) -> [T] {
  (0..<count).map { i in
    let mixed = i &* 7919 &+ (i / 3) &* 104_729
    return T(mixed % 2047 - 1023) / 1024
  }
}

@Suite struct RowReductionTests {
  private func checkRows<T: VectorScalar>(_ count: Int, _: T.Type) {
    let rows = count > 1000 ? 2 : 5, stride = count + 3
    let x = sample(rows * stride, T.self)
    func reduced(_ op: vm_reduce_op) -> [T] {
      T.reduceRows(op, x[...], rows: rows, count: count, stride: stride)
    }
    let sums = reduced(VM_REDUCE_SUM), products = reduced(VM_REDUCE_PROD)
    let largest = reduced(VM_REDUCE_MAX), smallest = reduced(VM_REDUCE_MIN)
    for row in 0..<rows {
      let values = x[row * stride..<row * stride + count].map { Double($0) }
      // Sums of multiples of 2^-10 are exact in double, and here in float.
      #expect(Double(sums[row]) == values.reduce(0, +))
      let product = values.reduce(1, *)
      let error = (Double(products[row]) - product).magnitude
      #expect(error <= product.magnitude * Double(T.ulpOfOne) * Double(count) + 1e-37)
      #expect(Double(largest[row]) == values.max() ?? -.infinity)
      #expect(Double(smallest[row]) == values.min() ?? .infinity)
    }
  }

  @Test(arguments: lengths)
  func rowsReduceAsThePlainLoop(_ count: Int) {
    checkRows(count, Float.self)
    checkRows(count, Double.self)
  }

  /// Every clone keeps this order: lanes i % 64, then vectors of 16, then halves.
  @Test(arguments: [1, 9, 16, 40, 64, 100, 300])
  func theOrderOfASumIsTheOneDescribed(_ count: Int) {
    let x = (0..<count).map { 1 / Float($0 * $0 % 31 + 3) }
    var lanes = [Float](repeating: 0, count: 64)
    let whole = count / 64 * 64
    for i in 0..<whole { lanes[i % 64] += x[i] }
    for i in 0..<16 { lanes[i] = (lanes[i] + lanes[i + 16]) + (lanes[i + 32] + lanes[i + 48]) }
    for i in whole..<count { lanes[(i - whole) % 16] += x[i] }
    for half in [8, 4, 2, 1] { for i in 0..<half { lanes[i] += lanes[i + half] } }
    let expected = count < 16 ? x.reduce(0, +) : lanes[0]
    let sum = Float.reduceRows(VM_REDUCE_SUM, x[...], rows: 1, count: count, stride: count)
    #expect(sum == [expected])
  }

  @Test func bitsDoNotDependOnTheAlignment() {
    let x = (0..<400).map { 1 / Float($0 + 3) }
    for count in [5, 40, 300] {
      let copies = (0..<20).map { Array(x[0..<count]) + [Float](repeating: 9, count: $0) }
      let rows = Set(
        (0..<20).map { start in
          let padded = [Float](repeating: 9, count: start) + copies[start]
          return Float.reduceRows(
            VM_REDUCE_SUM, padded[start...], rows: 1, count: count, stride: 0)[0]
        })
      #expect(rows.count == 1)
    }
  }

  @Test func longSumsStayExact() {
    let x = [Float](repeating: 0.1, count: 1 << 20)
    let sum = Float.reduceRows(VM_REDUCE_SUM, x[...], rows: 1, count: x.count, stride: 0)[0]
    let exact = Double(Float(0.1)) * Double(x.count)
    #expect((Double(sum) - exact).magnitude < exact * 1e-6)
  }

  @Test(arguments: [1, 10, 20, 100], [VM_REDUCE_MAX, VM_REDUCE_MIN, VM_REDUCE_SUM])
  func oneNaNIsEnough(_ count: Int, _ op: vm_reduce_op) {
    for place in 0..<count {
      var x = sample(count, Float.self)
      x[place] = .nan
      #expect(Float.reduceRows(op, x[...], rows: 1, count: count, stride: count)[0].isNaN)
      var y = [Float](repeating: 0, count: 1)
      Float.reduceColumns(op, x, rows: count, count: 1, stride: 1, into: &y, first: true)
      #expect(y[0].isNaN)
    }
  }
}

@Suite struct ColumnReductionTests {
  private func checkColumns<T: VectorScalar>(rows: Int, count: Int, _: T.Type) {
    let stride = count + 2
    let x = sample(rows * stride, T.self)
    let start = sample(count, T.self)
    func reduced(_ op: vm_reduce_op, first: Bool) -> [T] {
      var y = start
      T.reduceColumns(op, x, rows: rows, count: count, stride: stride, into: &y, first: first)
      return y
    }
    for first in [true, false] {
      let sums = reduced(VM_REDUCE_SUM, first: first)
      let largest = reduced(VM_REDUCE_MAX, first: first)
      let smallest = reduced(VM_REDUCE_MIN, first: first)
      let products = reduced(VM_REDUCE_PROD, first: first)
      for j in 0..<count {
        let values =
          (first ? [] : [Double(start[j])]) + (0..<rows).map { Double(x[$0 * stride + j]) }
        #expect(Double(sums[j]) == values.reduce(0, +))
        #expect(Double(largest[j]) == values.max() ?? -.infinity)
        #expect(Double(smallest[j]) == values.min() ?? .infinity)
        let product = values.reduce(1, *)
        let error = (Double(products[j]) - product).magnitude
        #expect(error <= product.magnitude * Double(T.ulpOfOne) * Double(rows + 1) + 1e-37)
      }
    }
  }

  @Test(arguments: [0, 1, 5, 64, 65, 200], [0, 1, 3, 16, 70, 256, 300])
  func columnsReduceAsThePlainLoop(_ rows: Int, _ count: Int) {
    checkColumns(rows: rows, count: count, Float.self)
    checkColumns(rows: rows, count: count, Double.self)
  }
}

@Suite struct ArgumentTests {
  @Test(arguments: [1, 2, 10, 16, 64, 65, 129, 5000])
  func theFirstOfEqualsIsFound(_ count: Int) {
    for place in stride(from: 0, to: count, by: max(1, count / 40)) {
      let rows = 3
      for sign in [1.0, -1.0] {
        var x = (0..<rows * count).map { _ in 0.0 }
        for row in 0..<rows {
          x[row * count + place] = sign
          x[row * count + count - 1] = sign
        }
        let expected = [Int32](repeating: Int32(place), count: rows)
        let found = Double.argument(
          maximum: sign > 0, x, rows: rows, count: count, stride: count)
        #expect(found == expected)
        let inFloat = Float.argument(
          maximum: sign > 0, x.map { Float($0) }, rows: rows, count: count, stride: count)
        #expect(inFloat == expected)
      }
    }
  }

  @Test(arguments: [true, false])
  func theFirstNaNWins(_ maximum: Bool) {
    var x = (0..<200).map { Float($0 % 17) }
    x[150] = .nan
    #expect(Float.argument(maximum: maximum, x, rows: 1, count: 200, stride: 200) == [150])
    x[70] = .nan
    #expect(Float.argument(maximum: maximum, x, rows: 1, count: 200, stride: 200) == [70])
  }
}
