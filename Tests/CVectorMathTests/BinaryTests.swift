import CVectorMath
import Glibc
import Testing

/// A function of two variables, and what it should give.
struct BinaryCase: CustomTestStringConvertible, Sendable {
  var name: String
  var op: vm_binary_op
  var reference: @Sendable (Double, Double) -> Double

  init(
    _ name: String, _ op: vm_binary_op,
    _ reference: @escaping @Sendable (Double, Double) -> Double
  ) {
    (self.name, self.op, self.reference) = (name, op, reference)
  }

  var testDescription: String { name }

  static let all: [BinaryCase] = [
    BinaryCase("add", VM_BINARY_ADD) { $0 + $1 },
    BinaryCase("sub", VM_BINARY_SUB) { $0 - $1 },
    BinaryCase("mul", VM_BINARY_MUL) { $0 * $1 },
    BinaryCase("div", VM_BINARY_DIV) { $0 / $1 },
    BinaryCase("pow", VM_BINARY_POW) { pow($0, $1) },
    BinaryCase("max", VM_BINARY_MAX) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) },
    BinaryCase("min", VM_BINARY_MIN) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) },
    BinaryCase("atan2", VM_BINARY_ATAN2) { atan2($0, $1) },
    BinaryCase("mod", VM_BINARY_MOD) {
      let remainder = fmod($0, $1)
      return remainder != 0 && (remainder < 0) != ($1 < 0) ? remainder + $1 : remainder
    },
    BinaryCase("eq", VM_BINARY_EQ) { $0 == $1 ? 1 : 0 },
    BinaryCase("ne", VM_BINARY_NE) { $0 != $1 ? 1 : 0 },
    BinaryCase("lt", VM_BINARY_LT) { $0 < $1 ? 1 : 0 },
    BinaryCase("le", VM_BINARY_LE) { $0 <= $1 ? 1 : 0 },
    BinaryCase("gt", VM_BINARY_GT) { $0 > $1 ? 1 : 0 },
    BinaryCase("ge", VM_BINARY_GE) { $0 >= $1 ? 1 : 0 },
    BinaryCase("and", VM_BINARY_AND) { $0 != 0 && $1 != 0 ? 1 : 0 },
    BinaryCase("or", VM_BINARY_OR) { $0 != 0 || $1 != 0 ? 1 : 0 },
    BinaryCase("prelu", VM_BINARY_PRELU) { $0 > 0 ? $0 : $0 * $1 },
  ]
}

private let values: [Float] = [
  0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 0.1, 7.25, -7.25, 1e-3, 1e10, -1e10, 5, .infinity,
  -.infinity, .nan,
]

@Suite struct BinaryTests {
  private func check<T: VectorScalar>(_ binary: BinaryCase, _: T.Type, tolerance: Double) {
    let pairs = values.flatMap { a in values.map { (a, $0) } }
    let a = pairs.map { T($0.0) }, b = pairs.map { T($0.1) }
    let y = T.binary(binary.op, a[...], step: 1, b[...], step: 1, count: a.count)
    for i in y.indices {
      let expected = T(binary.reference(Double(a[i]), Double(b[i])))
      let isSame = y[i] == expected || (y[i].isNaN && expected.isNaN)
      let isClose = Double((y[i] - expected).magnitude) <= tolerance * Double(expected.ulp)
      #expect(isSame || isClose, "of \(a[i]), \(b[i]): \(y[i]), not \(expected)")
    }
  }

  /// Float's arithmetic is the rounded exact one; its library functions are within 2 ulp.
  @Test(arguments: BinaryCase.all)
  func isTheFunctionOfDoubles(_ binary: BinaryCase) {
    let isLibrary = [VM_BINARY_POW, VM_BINARY_ATAN2].contains(binary.op)
    let isRoundedTwice = binary.op == VM_BINARY_MOD
    check(binary, Float.self, tolerance: isLibrary ? 2 : isRoundedTwice ? 1 : 0)
    check(binary, Double.self, tolerance: 0)
  }

  /// Scalars on either side, any place and length, and in place, give the bits of one pair alone.
  @Test(arguments: BinaryCase.all)
  func bitsDoNotDependOnThePlace(_ binary: BinaryCase) {
    let a = values + (0..<60).map { Float($0) * 0.37 - 11 }
    let b = Array(a.reversed())
    func alone(_ i: Int, _ j: Int) -> UInt32 {
      Float.binary(binary.op, a[i...i], step: 0, b[j...j], step: 0, count: 1)[0].bitPattern
    }
    let expected = a.indices.map { alone($0, $0) }
    for count in 1...70 {
      for start in stride(from: 0, through: a.count - count, by: 5) {
        let range = start..<start + count
        func run(_ aStep: Int, _ bStep: Int) -> [UInt32] {
          Float.binary(
            binary.op, a[range], step: aStep, b[range], step: bStep, count: count
          ).map(\.bitPattern)
        }
        #expect(run(1, 1) == Array(expected[range]))
        #expect(run(1, 0) == range.map { alone($0, start) })
        #expect(run(0, 1) == range.map { alone(start, $0) })
        #expect(run(0, 0) == range.map { _ in alone(start, start) })
      }
    }
    var inPlace = a
    Float.binary(binary.op, inPlace: &inPlace, b)
    #expect(inPlace.map(\.bitPattern) == expected)
  }
}

@Suite struct SelectionTests {
  @Test(arguments: [0, 1], [0, 1])
  func selectTakesTheFirstWhereTrue(_ aStep: Int, _ bStep: Int) {
    let n = 37
    let c = (0..<n).map { Double($0 % 3) - 1 }
    let a = (0..<n).map { Double($0) }, b = a.map { -$0 - 100 }
    func expected(_ c: (Int) -> Double) -> [Double] {
      (0..<n).map { c($0) != 0 ? a[$0 * aStep] : b[$0 * bStep] }
    }
    let y = Double.select(c, step: 1, a, step: aStep, b, step: bStep, count: n)
    #expect(y == expected { c[$0] })
    for value in [0.0, 2.0] {
      let y = Double.select([value], step: 0, a, step: aStep, b, step: bStep, count: n)
      #expect(y == expected { _ in value })
    }
    let inFloat = Float.select(
      c.map { Float($0) }, step: 1, a.map { Float($0) }, step: aStep, b.map { Float($0) },
      step: bStep, count: n)
    #expect(inFloat.map { Double($0) } == y)
  }

  @Test func fillFills() {
    #expect(Float.fill(2.5, count: 19) == [Float](repeating: 2.5, count: 19))
    #expect(Double.fill(-1, count: 3) == [-1, -1, -1])
  }
}

@Suite struct ConversionTests {
  @Test func integersBecomeReals() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Float.convert(bytes) == bytes.map { Float($0) })
    #expect(Double.convert(bytes) == bytes.map { Double($0) })
    let integers: [Int32] = [0, 1, -1, .min, .max, 16_777_217, -16_777_219, 77]
    #expect(Float.convert(integers) == integers.map { Float($0) })
    #expect(Double.convert(integers) == integers.map { Double($0) })
  }

  @Test func realsAreTruncatedAndLimited() {
    let x: [Double] = [
      0, 0.9, -0.9, 1.5, -1.5, 254.99, 255, 256, 1e9, -1e9, 3e9, -3e9, .infinity, -.infinity, .nan,
      2_147_483_648, -2_147_483_648,
    ]
    let bytes: [UInt8] = [0, 0, 0, 1, 0, 254, 255, 255, 255, 0, 255, 0, 255, 0, 0, 255, 0]
    let integers: [Int32] = [
      0, 0, 0, 1, -1, 254, 255, 256, 1_000_000_000, -1_000_000_000, .max, .min, .max, .min, 0, .max,
      .min,
    ]
    #expect(Double.bytes(x) == bytes)
    #expect(Float.bytes(x.map { Float($0) }) == bytes)
    #expect(Double.integers(x) == integers)
    #expect(Float.integers(x.map { Float($0) }) == integers)
  }

  @Test func floatAndDoubleConvert() {
    let x: [Float] = [0, 1.1, -3e38, .infinity]
    var wide = [Double](repeating: .nan, count: x.count)
    unsafe vm_convert_f32_f64(x.count, x, &wide)
    #expect(wide == x.map { Double($0) })
    var narrow = [Float](repeating: .nan, count: x.count)
    unsafe vm_convert_f64_f32(x.count, [1.0 / 3, 1e300, -0.1, 2], &narrow)
    #expect(narrow == [1.0 / 3, .infinity, -0.1, 2])
  }
}
