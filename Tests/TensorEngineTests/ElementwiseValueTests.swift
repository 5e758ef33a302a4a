import RealModule
import TensorEngine
import TensorEngineChecks
import Testing

/// Element-wise operations against the functions they are named after, number by number.
@Suite struct ElementwiseValueTests {
  static let unary: [String: @Sendable (Double) -> Double] = [
    "neg": { -$0 }, "abs": { $0.magnitude }, "sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    "exp": { .exp($0) }, "expm1": { .expMinusOne($0) }, "log": { .log($0) },
    "log1p": { .log(onePlus: $0) }, "sqrt": { $0.squareRoot() },
    "rsqrt": { 1 / $0.squareRoot() }, "square": { $0 * $0 }, "reciprocal": { 1 / $0 },
    "sin": { .sin($0) }, "cos": { .cos($0) }, "tanh": { .tanh($0) },
    "sigmoid": { 1 / (1 + .exp(-$0)) }, "softplus": { .log(onePlus: .exp($0)) },
    "relu": { max($0, 0) }, "floor": { $0.rounded(.down) }, "ceil": { $0.rounded(.up) },
    "round": { $0.rounded(.toNearestOrEven) }, "erf": { .erf($0) }, "tan": { .tan($0) },
    "asin": { .asin($0) }, "acos": { .acos($0) }, "atan": { .atan($0) }, "sinh": { .sinh($0) },
    "cosh": { .cosh($0) }, "asinh": { .asinh($0) }, "acosh": { .acosh($0) },
    "atanh": { .atanh($0) },
  ]

  static let binary: [String: @Sendable (Double, Double) -> Double] = [
    "add": { $0 + $1 }, "sub": { $0 - $1 }, "mul": { $0 * $1 }, "div": { $0 / $1 },
    "pow": { .pow($0, $1) }, "max": { max($0, $1) }, "min": { min($0, $1) },
    "equal": { $0 == $1 ? 1 : 0 }, "notEqual": { $0 != $1 ? 1 : 0 },
    "less": { $0 < $1 ? 1 : 0 }, "lessOrEqual": { $0 <= $1 ? 1 : 0 },
    "greater": { $0 > $1 ? 1 : 0 }, "greaterOrEqual": { $0 >= $1 ? 1 : 0 },
    "mod": { $0 - $1 * ($0 / $1).rounded(.down) }, "atan2": { .atan2(y: $0, x: $1) },
    "prelu": { $0 > 0 ? $0 : $0 * $1 }, "logicalAnd": { $0 != 0 && $1 != 0 ? 1 : 0 },
    "logicalOr": { $0 != 0 || $1 != 0 ? 1 : 0 },
  ]

  /// Operations whose values other suites compare with plain loops, or that have none.
  static let elsewhere: Set<String> = [
    "input", "state", "constant", "select", "stopGradient", "random", "real", "reshape", "sum",
    "maxAlong",
    "minAlong", "transpose", "broadcast", "slice", "embed", "concatenate", "matmul", "conv2d",
    "conv2dImageGradient", "conv2dWeightGradient",
    "maxPool", "maxPoolIndices", "averagePool", "averagePoolGradient", "resample",
    "resampleGradient", "gather", "scatterAdd", "takeAlongAxis", "addAlongAxis", "argsort", "index",
    "prod", "argmax", "argmin", "cumulativeSum", "padBorder", "padBorderGradient", "customGradient",
    "checkpoint", "postponed",
  ]

  @Test func everyOperationHasAReference() {
    let covered = Set(Self.unary.keys).union(Self.binary.keys).union(Self.elsewhere)
    #expect(covered == Set(OperationRegistry.names))
  }

  @Test(arguments: OperationSample.all.filter { unary[$0.operation] != nil })
  func unaryValuesEqualTheFunction(sample: OperationSample) throws {
    let function = try #require(Self.unary[sample.operation])
    let operand = sample.operands()[0]
    let double: TensorValue<Double> = try evaluate([operand]) { [sample.build($0)] }[0]
    for (x, y) in zip(operand.scalars, double.scalars) {
      let expected = function(x)
      #expect((y - expected).magnitude <= 8 * expected.ulp, "\(sample): \(x) gives \(y)")
    }
    let single = try evaluate([operand], as: Float.self) { [sample.build($0)] }[0]
    for (x, y) in zip(operand.scalars.map({ Float($0) }), single.scalars) {
      let expected = Float(function(Double(x)))
      #expect((y - expected).magnitude <= 4 * expected.ulp, "\(sample): \(x) gives \(y)")
    }
  }

  @Test(arguments: OperationSample.all.filter { binary[$0.operation] != nil && $0.note.isEmpty })
  func binaryValuesEqualTheFunction(sample: OperationSample) throws {
    let function = try #require(Self.binary[sample.operation])
    let operands = sample.operands()
    let double: TensorValue<Double> = try evaluate(operands) { [sample.build($0)] }[0]
    let single = try evaluate(operands, as: Float.self) { [sample.build($0)] }[0]
    for (index, place) in double.shape.places.enumerated() {
      let (a, b) = (operands[0][place], operands[1][place])
      let expected = function(a, b)
      #expect((double.scalars[index] - expected).magnitude <= 4 * expected.ulp, "\(sample)")
      let rounded = Float(function(Double(Float(a)), Double(Float(b))))
      #expect((single.scalars[index] - rounded).magnitude <= 4 * rounded.ulp, "\(sample)")
    }
  }

  @Test func selectStretchesAllThree() throws {
    let operands = [numbers([3, 1], "c"), numbers([4], "a"), numbers([2, 1, 1], "b")]
    let result: TensorValue<Double> = try evaluate(operands) {
      [$0[0].isGreater(than: 0).select($0[1], $0[2])]
    }[0]
    let expected = TensorValue([2, 3, 4]) { place in
      operands[0][place] > 0 ? operands[1][place] : operands[2][place]
    }
    #expect(result == expected)
  }

  @Test func powersOfNegativeBasesWithWholeExponents() throws {
    let bases = TensorValue<Double>(shape: [4], scalars: [-2, -1.5, 0, 3])
    let result: [TensorValue<Double>] = try evaluate([bases]) { [$0[0].pow(3), $0[0].pow(-2)] }
    #expect(result[0].scalars == [-8, -3.375, 0, 27])
    #expect(result[1].scalars == [0.25, 1 / 2.25, .infinity, 1.0 / 9])
  }

  /// What is not a number stays so, and infinities go where the functions' limits are.
  @Test func edgesOfTheRange() throws {
    let x = TensorValue<Double>(shape: [3], scalars: [.nan, .infinity, -.infinity])
    let result = try evaluate([x], as: Float.self) {
      let x = $0[0]
      return [
        x.relu(), x.sigmoid(), x.tanh(), x.exp(), x.maximum(0), x.softplus(), x.abs(),
      ]
    }
    let limits: [[Float]] = [
      [.infinity, 0], [1, 0], [1, -1], [.infinity, 0], [.infinity, 0], [.infinity, 0],
      [.infinity, .infinity],
    ]
    for (value, limit) in zip(result, limits) {
      #expect(value.scalars[0].isNaN)
      #expect(Array(value.scalars[1...]) == limit)
    }
  }

  @Test func bytesAndPositionsBecomeTheSameNumbers() throws {
    let graph = Graph()
    let bytes = graph.input("bytes", shape: [2, 3], type: .byte).real()
    let positions = graph.input("positions", shape: [3], type: .index).real()
    let outputs = ["b": bytes, "p": positions, "sum": bytes + positions]
    let program = Workspace<Float>(threads: 1, seed: 0).load(try graph.compile(outputs))
    program.set("bytes", to: [0, 1, 127, 128, 254, 255] as [UInt8])
    program.set("positions", to: [-70_000, 0, 70_000] as [Int32])
    program.run(step: 0)
    #expect(program["b"].scalars == [0, 1, 127, 128, 254, 255])
    #expect(program["p"].scalars == [-70_000, 0, 70_000])
    #expect(program["sum"].scalars == [-70_000, 1, 70_127, -69_872, 254, 70_255])
  }
}
