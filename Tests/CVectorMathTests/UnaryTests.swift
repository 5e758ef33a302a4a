import CVectorMath
import Glibc
import Testing

/// A function of one variable, what it should give, and how far float may be from it in ulp.
struct UnaryCase: CustomTestStringConvertible, Sendable {
  var name: String
  var op: vm_unary_op
  var bound: Double
  var reference: @Sendable (Double) -> Double

  init(
    _ name: String, _ op: vm_unary_op, _ bound: Double,
    _ reference: @escaping @Sendable (Double) -> Double
  ) {
    (self.name, self.op, self.bound, self.reference) = (name, op, bound, reference)
  }

  var testDescription: String { name }

  static let all: [UnaryCase] = [
    UnaryCase("neg", VM_UNARY_NEG, 0) { -$0 },
    UnaryCase("abs", VM_UNARY_ABS, 0) { $0.magnitude },
    UnaryCase("sign", VM_UNARY_SIGN, 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    UnaryCase("exp", VM_UNARY_EXP, 1.5) { exp($0) },
    UnaryCase("expm1", VM_UNARY_EXPM1, 2) { expm1($0) },
    UnaryCase("log", VM_UNARY_LOG, 1.5) { log($0) },
    UnaryCase("log1p", VM_UNARY_LOG1P, 1.5) { log1p($0) },
    UnaryCase("sqrt", VM_UNARY_SQRT, 0.5) { $0.squareRoot() },
    UnaryCase("rsqrt", VM_UNARY_RSQRT, 1.5) { 1 / $0.squareRoot() },
    UnaryCase("square", VM_UNARY_SQUARE, 0.5) { $0 * $0 },
    UnaryCase("reciprocal", VM_UNARY_RECIPROCAL, 0.5) { 1 / $0 },
    UnaryCase("sin", VM_UNARY_SIN, 2) { sin($0) },
    UnaryCase("cos", VM_UNARY_COS, 2) { cos($0) },
    UnaryCase("tan", VM_UNARY_TAN, 3) { tan($0) },
    UnaryCase("asin", VM_UNARY_ASIN, 3) { asin($0) },
    UnaryCase("acos", VM_UNARY_ACOS, 3) { acos($0) },
    UnaryCase("atan", VM_UNARY_ATAN, 3) { atan($0) },
    UnaryCase("sinh", VM_UNARY_SINH, 3) { sinh($0) },
    UnaryCase("cosh", VM_UNARY_COSH, 3) { cosh($0) },
    UnaryCase("tanh", VM_UNARY_TANH, 3) { tanh($0) },
    UnaryCase("asinh", VM_UNARY_ASINH, 3) { asinh($0) },
    UnaryCase("acosh", VM_UNARY_ACOSH, 3) { acosh($0) },
    UnaryCase("atanh", VM_UNARY_ATANH, 3) { atanh($0) },
    UnaryCase("sigmoid", VM_UNARY_SIGMOID, 3) { 1 / (1 + exp(-$0)) },
    UnaryCase("softplus", VM_UNARY_SOFTPLUS, 2) {
      ($0 < 0 ? 0 : $0) + log1p(exp(-$0.magnitude))
    },
    UnaryCase("erf", VM_UNARY_ERF, 2) { erf($0) },
    UnaryCase("relu", VM_UNARY_RELU, 0) { $0 < 0 ? 0 : $0 },
    UnaryCase("floor", VM_UNARY_FLOOR, 0) { $0.rounded(.down) },
    UnaryCase("ceil", VM_UNARY_CEIL, 0) { $0.rounded(.up) },
    UnaryCase("round", VM_UNARY_ROUND, 0) { $0.rounded(.toNearestOrEven) },
  ]
}

private let specials: [Float] = [
  0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 88.72283, 88.73, 89, -87.3, -87.4, -103.9, -104, 9999,
  10000, 10001, -10001, 1e9, .infinity, -.infinity, .nan, .leastNormalMagnitude,
  .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
  -.greatestFiniteMagnitude, 0.99999994, 1.0000001, -0.99999994, -0.70710677, 0.41421357,
]

/// The error in units of the last place of the exact result rounded to float. Results below the
/// normal numbers may be flushed; beyond the greatest counts as 2^128.
private func ulpError(_ y: Float, _ exact: Double) -> Double {
  if y.isNaN || exact.isNaN { return y.isNaN && exact.isNaN ? 0 : .infinity }
  if exact.magnitude < Double(Float.leastNormalMagnitude) {
    return y.magnitude <= .leastNormalMagnitude ? 0 : .infinity
  }
  let beyond = 0x1p128
  let limited = min(max(exact, -beyond), beyond)
  let value = min(max(Double(y), -beyond), beyond)
  let ulp = limited.magnitude < beyond ? Double(Float(limited.magnitude).ulp) : 0x1p104
  return (value - limited).magnitude / (ulp.isFinite ? ulp : 0x1p104)
}

@Suite struct UnaryTests {
  /// Floats of every exponent, and dense around the middle.
  @Test(arguments: UnaryCase.all)
  func floatIsWithinItsBound(_ unary: UnaryCase) {
    var x = specials
    x += stride(from: UInt32(0), to: .max - 20_011, by: 20_011).map { Float(bitPattern: $0) }
    x += (-60_000...60_000).map { Float($0) * 0.0017 }
    x += (-20_000...20_000).map { Float($0) * 0.0000513 }
    let y = Float.unary(unary.op, x[...])
    var worst = (error: 0.0, x: Float.nan, y: Float.nan)
    for (x, y) in zip(x, y) {
      let error = ulpError(y, unary.reference(Double(x)))
      if error > worst.error { worst = (error, x, y) }
    }
    #expect(worst.error <= unary.bound, "at \(worst.x): \(worst.y)")
  }

  @Test(arguments: UnaryCase.all)
  func doubleIsTheLibrarys(_ unary: UnaryCase) {
    let x = specials.map(Double.init) + (-5000...5000).map { Double($0) * 0.0173 }
    for (x, y) in zip(x, Double.unary(unary.op, x[...])) {
      let expected = unary.reference(x)
      #expect(y == expected || (y.isNaN && expected.isNaN), "at \(x): \(y), not \(expected)")
    }
  }

  /// The same bits alone, at any place of any length, and in place.
  @Test(arguments: UnaryCase.all)
  func bitsDoNotDependOnThePlace(_ unary: UnaryCase) {
    let x = specials + (0..<60).map { Float($0) * 0.37 - 11 }
    let alone = x.indices.map { Float.unary(unary.op, x[$0...$0])[0].bitPattern }
    for count in 1...70 {
      for start in stride(from: 0, through: x.count - count, by: 3) {
        let y = Float.unary(unary.op, x[start..<start + count])
        #expect(y.map(\.bitPattern) == Array(alone[start..<start + count]))
      }
    }
    var inPlace = x
    Float.unary(unary.op, inPlace: &inPlace)
    #expect(inPlace.map(\.bitPattern) == alone)
  }

  @Test func nothingIsDoneToNothing() {
    #expect(Float.unary(VM_UNARY_EXP, []).isEmpty)
    #expect(Double.unary(VM_UNARY_EXP, []).isEmpty)
  }
}
