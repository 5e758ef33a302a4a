import TensorEngine

extension ShapeErrorTests {
  /// Wrong uses of functions of one and two numbers.
  static let elementwiseMisuses: [Misuse] = {
    let unary: [(String, String, @Sendable (Tensor) -> Tensor)] = [
      ("ceil", "ceil", { $0.ceil() }), ("round", "round", { $0.round() }),
      ("erf", "erf", { $0.erf() }), ("tan", "tan", { $0.tan() }), ("asin", "asin", { $0.asin() }),
      ("acos", "acos", { $0.acos() }), ("atan", "atan", { $0.atan() }),
      ("sinh", "sinh", { $0.sinh() }), ("cosh", "cosh", { $0.cosh() }),
      ("asinh", "asinh", { $0.asinh() }), ("acosh", "acosh", { $0.acosh() }),
      ("atanh", "atanh", { $0.atanh() }), ("leakyRelu", "prelu", { $0.leakyRelu() }),
      ("elu", "greater", { $0.elu() }), ("selu", "greater", { $0.selu() }),
      ("softsign", "abs", { $0.softsign() }), ("hardSigmoid", "add", { $0.hardSigmoid() }),
      ("silu", "sigmoid", { $0.silu() }), ("gelu", "mul", { $0.gelu() }),
      ("clamp", "greaterOrEqual", { $0.clamped(low: 0, high: 1) }),
      ("logicalNot", "equal", { $0.logicalNot() }), ("variance", "sum", { $0.variance() }),
      ("logSumExp", "maxAlong", { $0.logSumExp() }), ("softmax", "maxAlong", { $0.softmax() }),
      ("argmax", "argmax", { $0.argmax() }), ("argmin", "argmin", { $0.argmin(axis: 0) }),
      ("prod", "prod", { $0.product() }),
      ("cumulativeSum", "cumulativeSum", { $0.cumulativeSum(axis: 0) }),
      ("customGradient", "customGradient", { $0.withGradient(of: [$0]) { [$0.cotangent] } }),
    ]
    let binary: [(String, @Sendable (Tensor, Tensor) -> Tensor)] = [
      ("mod", { $0.mod($1) }), ("atan2", { $0.atan2($1) }), ("prelu", { $0.prelu($1) }),
      ("logicalAnd", { $0.logicalAnd($1) }), ("logicalOr", { $0.logicalOr($1) }),
      ("equal", { $0.isEqual(to: $1) }),
    ]
    return unary.flatMap { _, operation, function in
      [
        Misuse(operation, ["byte", "real()"]) { function($0.bytes) },
        Misuse(operation, ["byte"]) { function($0.bytes.transposed()) },
        Misuse(operation, ["index"]) { function($0.matrix.argmax(axis: 0, keepsAxis: true)) },
      ]
    }
      + binary.flatMap { operation, function in
        [
          Misuse(operation, ["[3, 4]", "[4, 3]"]) { function($0.matrix, $0.matrix.transposed()) },
          Misuse(operation, ["byte", "real()"]) { function($0.matrix, $0.bytes) },
          Misuse(operation, ["real()"]) { function($0.matrix.argmax(axis: 0), $0.matrix) },
        ]
      }
      + [
        Misuse("clamp", ["[3, 4]", "2.0", "1.0"]) { $0.matrix.clamped(low: 2, high: 1) },
        Misuse("clamp", ["nan"]) { $0.matrix.clamped(low: .nan, high: 1) },
      ]
  }()

  /// Wrong axes of what works along axes.
  static let axisMisuses: [Misuse] = [
    Misuse("prod", ["[3, 4]", "2"]) { $0.matrix.product(axes: [2]) },
    Misuse("prod", ["[1, 1]"]) { $0.matrix.product(axes: [1, -1]) },
    Misuse("sum", ["[3, 4]", "-3"]) { $0.matrix.variance(axes: [-3]) },
    Misuse("sum", ["[0, 0]"]) { $0.matrix.standardDeviation(axes: [0, 0]) },
    Misuse("maxAlong", ["[3, 4]", "2"]) { $0.matrix.logSumExp(axes: [2]) },
    Misuse("maxAlong", ["[0, 0]"]) { $0.matrix.logSumExp(axes: [0, -2]) },
    Misuse("maxAlong", ["[3, 4]", "2"]) { $0.matrix.softmax(axis: 2) },
    Misuse("maxAlong", ["[3, 4]", "-3"]) { $0.matrix.logSoftmax(axis: -3) },
    Misuse("argmax", ["[3, 4]", "axis 2"]) { $0.matrix.argmax(axis: 2) },
    Misuse("argmin", ["[3, 4]", "axis -3"]) { $0.matrix.argmin(axis: -3, keepsAxis: true) },
    Misuse("argmax", ["[0]"]) { $0.matrix.sliced(axis: 0, 1..<1).argmax() },
    Misuse("argmin", ["[4, 0]"]) { $0.matrix.sliced(axis: 0, 1..<1).argmin(axis: 0) },
    Misuse("cumulativeSum", ["[3, 4]", "axis 2"]) { $0.matrix.cumulativeSum(axis: 2) },
    Misuse("cumulativeSum", ["[3, 4]", "axis -3"]) { $0.matrix.cumulativeSum(axis: -3) },
  ]

  /// Wrong paddings and rearrangements.
  static let rearrangementMisuses: [Misuse] = [
    Misuse("pad", ["[3, 4]", "[1]"]) { $0.matrix.padded(low: [1], high: [1]) },
    Misuse("pad", ["[3, 4]"]) { $0.matrix.padded(low: [.max, 0], high: [.max, 0]) },
    Misuse("embed", ["0.5", "byte"]) {
      $0.bytes.padded(low: [1, 1], high: [0, 0], .constant(0.5))
    },
    Misuse("embed", ["[2199023255555, 4]", "too large"]) {
      $0.matrix.padded(low: [1 << 40, 0], high: [1 << 40, 0])
    },
    Misuse("padBorder", ["[3, 4]", "axis 0", "at most 2"]) {
      $0.matrix.padded(low: [3, 0], high: [0, 0], .reflect)
    },
    Misuse("padBorder", ["[3, 4]", "axis 1", "-1"]) {
      $0.matrix.padded(low: [0, 0], high: [0, -1], .reflect)
    },
    Misuse("padBorder", ["[3, 4]", "1 and 2 borders"]) {
      $0.matrix.padded(low: [1], high: [1, 2], .edge)
    },
    Misuse("padBorder", ["[0, 4]", "at most 0"]) {
      $0.matrix.sliced(axis: 0, 0..<0).padded(low: [1, 0], high: [0, 0], .edge)
    },
    Misuse("padBorder", ["[3, 4]"]) {
      $0.matrix.padded(low: [0, .max], high: [0, .max], .edge)
    },
    Misuse("flip", ["[3, 4]", "[2]"]) { $0.matrix.flipped(axes: [2]) },
    Misuse("flip", ["[3, 4]", "[0, -2]"]) { $0.matrix.flipped(axes: [0, -2]) },
    Misuse("flip", ["[3, 4]", "[-3]"]) { $0.matrix.flipped(axes: [-3]) },
    Misuse("slice", ["[3, 4]", "axis 1", "-2"]) {
      $0.matrix.sliced(starts: [0, 3], extents: [1, 3], steps: [1, -2])
    },
    Misuse("slice", ["[3, 4]"]) {
      $0.matrix.sliced(starts: [0, 0], extents: [.max, 1], steps: [.max, 1])
    },
    Misuse("slice", ["[3, 4]", "by 0"]) {
      $0.matrix.sliced(starts: [0, 0], extents: [1, 1], steps: [0, 1])
    },
    Misuse("roll", ["[3, 4]", "axis 2"]) { $0.matrix.rolled(by: 1, axis: 2) },
    Misuse("roll", ["[3, 4]", "axis -3"]) { $0.matrix.rolled(by: 1, axis: -3) },
    Misuse("roll", ["[]", "axis 0"]) { $0.matrix.sum().rolled(by: 1, axis: 0) },
    Misuse("tile", ["[3, 4]", "-1"]) { $0.matrix.tiled([2, -1]) },
    Misuse("tile", ["[3, 4]"]) { $0.matrix.tiled([.max, 1]) },
    Misuse("reshape", ["8 axes"]) { $0.matrix.tiled([1, 1, 1, 1, 1, 1, 1, 1, 2]) },
    Misuse("stack", ["[3, 4]", "[4, 3]"]) { Tensor.stack([$0.matrix, $0.matrix.transposed()]) },
    Misuse("expandDims", ["[3, 4]", "3"]) { Tensor.stack([$0.matrix, $0.matrix], axis: 3) },
    Misuse("concatenate", ["[3, 4]", "axis 2"]) { Tensor.concatenate([$0.matrix], axis: 2) },
    Misuse("concatenate", ["byte"]) { Tensor.stack([$0.matrix, $0.bytes]) },
    Misuse("split", ["[3, 4]", "[1, 1]"]) { $0.matrix.split(sizes: [1, 1])[1] },
    Misuse("split", ["[3, 4]", "[5, -1]"]) { $0.matrix.split(sizes: [5, -1], axis: 1)[0] },
    Misuse("split", ["[3, 4]", "axis 2"]) { $0.matrix.split(sizes: [1, 2], axis: 2)[0] },
    Misuse("split", ["[3, 4]", "2 equal"]) { $0.matrix.split(into: 2)[0] },
    Misuse("squeeze", ["[3, 4]", "[0]"]) { $0.matrix.squeezed(axes: [0]) },
    Misuse("squeeze", ["[3, 4]", "[2]"]) { $0.matrix.squeezed(axes: [2]) },
    Misuse("squeeze", ["[1, 3, 4]", "[0, 0]"]) {
      $0.matrix.expanded(axis: 0).squeezed(axes: [0, 0])
    },
    Misuse("expandDims", ["[3, 4]", "-4"]) { $0.matrix.expanded(axis: -4) },
    Misuse("reshape", ["8 axes"]) { matrix in
      (0..<7).reduce(matrix.matrix) { x, _ in x.expanded(axis: 0) }
    },
    Misuse("straightThrough", ["[3, 4]", "[4]"]) {
      $0.matrix.straightThrough(to: $0.matrix.sum(axes: [0]))
    },
  ]
}
