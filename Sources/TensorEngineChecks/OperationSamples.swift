import TensorEngine

extension OperationSample {
  /// Samples of every registered operation.
  public static let all: [OperationSample] =
    leaves + random + conversions + unary + binary + comparisons + reductions + movements + products
    + convolutions + spatial + indexing + activations + trigonometry + statistics + borders
    + rearrangements + gradientControls

  /// Shapes that each unary operation is tried on: a matrix, a scalar, nothing, and more elements
  /// than one tile holds.
  static let unaryShapes: [Shape] = [[3, 5], [], [0, 4], [2, 1031]]

  /// Pairs of shapes with every position of a stretched axis.
  static let binaryShapes: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([3, 4], []), ([], [3, 4]), ([3, 4], [4]), ([3, 1], [3, 4]),
    ([2, 1, 4], [3, 1]), ([0, 3], [1, 3]), ([2, 700], [2, 1]),
  ]

  static func each(
    _ name: String, in range: ClosedRange<Double> = -2...2
  ) -> [OperationSample] {
    (unaryShapes + [[1], [7], [2, 1, 3], [1, 0]]).map {
      OperationSample(name, shapes: [$0], ranges: [range])
    }
  }

  static func pairs(
    _ name: String, in range: ClosedRange<Double> = -2...2, ofWholeNumbers isWhole: Bool = false
  ) -> [OperationSample] {
    binaryShapes.map { left, right in
      OperationSample(
        name, shapes: [left, right], ranges: [range], wholeOperands: isWhole ? [0, 1] : [])
    }
  }

  private static let leaves: [OperationSample] = [
    OperationSample("input", shapes: [[2, 3]]) { $0[0].square() },
    OperationSample("constant", shapes: [[2]]) {
      $0[0] * $0[0].graph.constant([2, 3], shape: [2])
    },
    OperationSample("state", shapes: [[2]]) {
      $0[0] * $0[0].graph.state("s", initial: TensorValue(shape: [2], scalars: [0.5, -3]))
    },
  ]

  private static let random: [OperationSample] =
    ([[50], [51], [], [0], [1], [3, 4], [2, 0, 3], [70_001]] as [Shape]).flatMap { shape in
      let shape = Attribute.Value.integers(shape.dimensions)
      return [
        OperationSample("randomUniform", "\(shape)", shapes: [], ["shape": shape]),
        OperationSample("randomNormal", "\(shape)", shapes: [], ["shape": shape]),
        OperationSample(
          "randomBernoulli", "\(shape)", shapes: [], ["shape": shape, "probability": 0.3]),
      ]
    } + [
      OperationSample("randomNormal", "times an operand", shapes: [[51]]) {
        $0[0] * $0[0].graph.randomNormal([51], stream: "n")
      }
    ]

  private static let conversions: [OperationSample] = unaryShapes.flatMap { shape in
    [
      OperationSample("real", "bytes", shapes: [shape], types: [.byte], ranges: [0...255]),
      OperationSample(
        "real", "positions", shapes: [shape], types: [.index], ranges: [-70_000...70_000]),
      OperationSample("stopGradient", shapes: [shape]),
      OperationSample("stopGradient", "of a factor", shapes: [shape], isDifferentiable: false) {
        $0[0].stopGradient() * $0[0]
      },
    ]
  }

  private static let unary: [OperationSample] =
    each("neg") + each("abs") + each("sign") + each("exp") + each("expm1")
    + each("log", in: 0.1...3) + each("log1p", in: -0.8...3) + each("sqrt", in: 0.1...3)
    + each("rsqrt", in: 0.3...3) + each("square") + each("reciprocal", in: 0.4...3) + each("sin")
    + each("cos") + each("tanh") + each("sigmoid", in: -6...6) + each("softplus", in: -6...6)
    + each("relu") + each("floor")

  private static let binary: [OperationSample] =
    pairs("add") + pairs("sub") + pairs("mul") + pairs("div", in: 0.4...2)
    + pairs("pow", in: 0.4...2) + pairs("max") + pairs("min")
    + [
      OperationSample("pow", "whole exponent, negative base", shapes: [[7]]) { $0[0].pow(3) },
      OperationSample("add", "the neutral element", shapes: [[3]]) { $0[0] + 0 },
      OperationSample("mul", "the neutral element", shapes: [[3]]) { $0[0] * 1 },
      OperationSample("mul", "one operand twice", shapes: [[2, 3]]) { $0[0] * 1.5 * $0[0] },
    ]

  private static let comparisons: [OperationSample] =
    pairs("equal", ofWholeNumbers: true) + pairs("notEqual", ofWholeNumbers: true)
    + pairs("less") + pairs("lessOrEqual") + pairs("greater") + pairs("greaterOrEqual")
    + [
      OperationSample("equal", "nowhere", shapes: [[3, 4], [3, 4]]),
      OperationSample("notEqual", "everywhere", shapes: [[3, 4], [3, 4]]),
      OperationSample(
        "lessOrEqual", "some equal", shapes: [[3, 4], [3, 4]], wholeOperands: [0, 1]),
      OperationSample(
        "greaterOrEqual", "some equal", shapes: [[3, 4], [3, 4]], wholeOperands: [0, 1]),
      OperationSample("select", "all three stretched", shapes: [[3, 1], [4], [2, 1, 1]]) {
        $0[0].isGreater(than: 0).select($0[1], $0[2])
      },
    ]
    + binaryShapes.map { left, right in
      OperationSample(
        "select", shapes: [left, left, right], ranges: [-1...1, -2...2, -2...2],
        wholeOperands: [0])
    }

  private static let reductions: [OperationSample] = {
    let cases: [(Shape, [Int]?)] = [
      ([3, 4], nil), ([3, 4], [0]), ([3, 4], [-1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]),
      ([2, 3, 4, 2], [1, 3]), ([2, 3, 4, 2], [0, 2]), ([], nil), ([0, 3], [1]), ([1, 5], [0]),
    ]
    let large: [(Shape, [Int]?)] = [
      ([70_001], nil), ([40, 70, 33], [0, 2]), ([300, 500], [0]), ([300, 500], [1]),
      ([5, 70, 90], [1]),
    ]
    let samples = ["sum", "mean", "maxAlong", "minAlong"].flatMap { name in
      (cases + large).flatMap { shape, axes in
        [false, true].map { keeps in
          var attributes: [String: Attribute.Value] = ["keepsAxes": .flag(keeps)]
          attributes["axes"] = axes.map { .integers($0) }
          return OperationSample(
            name, "axes \(axes.map { "\($0)" } ?? "all"), kept \(keeps)", shapes: [shape],
            attributes)
        }
      }
    }
    return samples + [OperationSample("sum", "of nothing", shapes: [[2, 0]], ["axes": [1]])]
  }()

  private static let movements: [OperationSample] =
    ([
      ([3, 4], [2, 6]), ([3, 4], [12]), ([12], [2, 3, 2]), ([1], []), ([], [1, 1]),
      ([0, 4], [2, 0]), ([2, 1, 3], [3, 2]), ([2, 3], [2, 3]),
    ] as [(Shape, [Int])]).map {
      OperationSample("reshape", "to \($1)", shapes: [$0], ["shape": .integers($1)])
    }
    + ([
      ([3, 4], [1, 0]), ([2, 3, 4, 2], [3, 1, 0, 2]), ([2, 3, 4], [0, 2, 1]),
      ([130, 257], [1, 0]),
      ([], []), ([5], [0]), ([0, 3], [1, 0]), ([2, 1, 3], [2, 0, 1]),
    ] as [(Shape, [Int])]).map {
      OperationSample("transpose", "axes \($1)", shapes: [$0], ["axes": .integers($1)])
    }
    + ([
      ([3, 1], [2, 3, 4]), ([], [2, 3]), ([1, 3], [0, 3]), ([4], [3, 4]), ([2, 1, 3], [2, 5, 3]),
      ([1], [1]), ([2, 3], [2, 3]), ([1, 1], [3, 2]),
    ] as [(Shape, [Int])]).map {
      OperationSample("broadcast", "to \($1)", shapes: [$0], ["shape": .integers($1)])
    }
    + ([
      ([5, 6], [1, 2], [3, 2], [1, 1]), ([5, 7], [1, 0], [2, 3], [3, 2]), ([4], [2], [0], [1]),
      ([], [], [], []), ([2, 3, 4], [0, 1, 0], [2, 2, 2], [1, 1, 3]), ([6], [5], [1], [9]),
      ([0, 3], [0, 0], [0, 2], [1, 2]), ([3, 3], [0, 0], [3, 3], [1, 1]),
    ] as [(Shape, [Int], [Int], [Int])]).map {
      OperationSample(
        "slice", "from \($1) by \($3)", shapes: [$0],
        ["starts": .integers($1), "extents": .integers($2), "steps": .integers($3)])
    }
    + ([
      ([2, 3], [1, 0], [3, 5], [1, 1]), ([3, 2], [0, 1], [5, 7], [2, 4]), ([0], [2], [4], [1]),
      ([], [], [], []), ([1, 2], [2, 0], [3, 4], [1, 3]), ([1], [0], [1], [1]),
      ([2, 2, 2], [0, 1, 0], [4, 3, 2], [2, 1, 1]), ([0, 3], [0, 0], [2, 3], [1, 1]),
    ] as [(Shape, [Int], [Int], [Int])]).map {
      OperationSample(
        "embed", "from \($1) by \($3)", shapes: [$0],
        ["starts": .integers($1), "shape": .integers($2), "steps": .integers($3)])
    }
    + ([
      ([[2, 3], [2, 1], [2, 4]], 1), ([[2, 3], [0, 3]], -2), ([[2, 2], [1, 2]], 0),
      ([[1], [1]], 0),
      ([[2, 3, 2], [2, 1, 2]], 1), ([[0], [0]], 0), ([[3, 2], [3, 2]], -1), ([[5], [2], [1]], 0),
    ] as [([Shape], Int)]).map {
      OperationSample("concatenate", "axis \($1)", shapes: $0, ["axis": .integer($1)])
    }
    + [
      OperationSample("reshape", "of a reshape", shapes: [[3, 4]]) {
        $0[0].reshaped(to: [12]).reshaped(to: [4, 3])
      },
      OperationSample("broadcast", "then exchanged", shapes: [[3, 1]]) {
        $0[0].broadcast(to: [2, 3, 4]).transposed()
      },
      OperationSample("concatenate", "one operand twice", shapes: [[2, 2]]) {
        Tensor.concatenate([$0[0], $0[0]], axis: 0)
      },
    ]

  private static let products: [OperationSample] =
    [(false, false), (true, false), (false, true), (true, true)].flatMap { left, right in
      ([[], [2], [2, 3]] as [[Int]]).map { batch in
        OperationSample(
          "matmul", "left exchanged \(left), right \(right)",
          shapes: [
            Shape(batch + (left ? [4, 3] : [3, 4])), Shape(batch + (right ? [5, 4] : [4, 5])),
          ], ["transposesLeft": .flag(left), "transposesRight": .flag(right)])
      }
    }
    + [
      OperationSample("matmul", "rows of a batch", shapes: [[2, 3, 4], [4, 5]]),
      OperationSample("matmul", "one row", shapes: [[1, 4], [4, 1]]),
      OperationSample("matmul", "no rows", shapes: [[0, 4], [4, 2]]),
      OperationSample("matmul", "sums of nothing", shapes: [[2, 0], [0, 3]]),
      OperationSample("matmul", "one operand twice", shapes: [[3, 3]]) { $0[0].matmul($0[0]) },
      OperationSample("matmul", "with itself, right exchanged", shapes: [[2, 3, 5]]) {
        $0[0].matmul($0[0].transposed())
      },
      OperationSample("matmul", "with itself, left exchanged", shapes: [[4, 3]]) {
        $0[0].transposed().matmul($0[0])
      },
      OperationSample("matmul", "deep", shapes: [[70, 700], [700, 300]]),
      OperationSample("matmul", "a deep batch", shapes: [[2, 40, 700], [2, 700, 300]]),
      OperationSample("matmul", "large, cut by rows", shapes: [[300, 120], [120, 200]]),
      OperationSample(
        "matmul", "large, cut by columns", shapes: [[120, 70], [900, 120]],
        ["transposesLeft": true, "transposesRight": true]),
    ]
}
