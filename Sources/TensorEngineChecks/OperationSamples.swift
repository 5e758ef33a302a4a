import TensorEngine

extension OperationSample {
  /// Samples of every registered operation.
  public static let all: [OperationSample] =
    leaves + conversions + unary + binary + comparisons + reductions + movements + products
    + convolutions

  /// Shapes that each unary operation is tried on: a matrix, a scalar, nothing, and more elements
  /// than one tile holds.
  private static let unaryShapes: [Shape] = [[3, 5], [], [0, 4], [2, 1031]]

  /// Pairs of shapes with every position of a stretched axis.
  private static let binaryShapes: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([3, 4], []), ([], [3, 4]), ([3, 4], [4]), ([3, 1], [3, 4]),
    ([2, 1, 4], [3, 1]), ([0, 3], [1, 3]), ([2, 700], [2, 1]),
  ]

  private static func each(
    _ name: String, in range: ClosedRange<Double> = -2...2, isDifferentiable: Bool = true,
    tolerance: Double = 1e-6, _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> [OperationSample] {
    unaryShapes.map { shape in
      OperationSample(
        name, shapes: [shape], range: range,
        isDifferentiable: isDifferentiable && shape.count < 1000, tolerance: tolerance
      ) { function($0[0]) }
    }
  }

  private static func pairs(
    _ name: String, in range: ClosedRange<Double> = -2...2, isDifferentiable: Bool = true,
    _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> [OperationSample] {
    let twoOperands = binaryShapes.map { left, right in
      OperationSample(
        name, shapes: [left, right], range: range,
        isDifferentiable: isDifferentiable && left.count < 1000
      ) { function($0[0], $0[1]) }
    }
    let oneOperandTwice = OperationSample(
      name, "one operand twice", shapes: [[2, 3]], range: range, isDifferentiable: isDifferentiable
    ) { function($0[0] * 1.5, $0[0]) }
    return twoOperands + [oneOperandTwice]
  }

  private static let leaves: [OperationSample] = [
    OperationSample("input", shapes: [[2, 3]]) { $0[0].square() },
    OperationSample("constant", shapes: [[2]]) {
      $0[0] * $0[0].graph.constant([2, 3], shape: [2])
    },
    OperationSample("state", shapes: [[2]]) {
      $0[0] * $0[0].graph.state("s", initial: TensorValue(shape: [2], scalars: [0.5, -3]))
    },
    OperationSample("stopGradient", shapes: [[3]], isDifferentiable: false) {
      $0[0].stopGradient() * $0[0]
    },
    OperationSample("random", "uniform", shapes: [[50]]) {
      $0[0] * $0[0].graph.randomUniform([50], stream: "u")
    },
    OperationSample("random", "normal, odd count", shapes: [[51]]) {
      $0[0] * $0[0].graph.randomNormal([51], stream: "n")
    },
  ]

  private static let conversions: [OperationSample] = [
    ("bytes", ElementType.byte, 0...255), ("positions", .index, -70_000...70_000),
  ].flatMap { note, type, range in
    unaryShapes.map { shape in
      OperationSample(
        "real", note, shapes: [shape], type: type, range: range, isDifferentiable: false
      ) { $0[0].real() * 0.5 }
    }
  }

  private static let unary: [OperationSample] =
    each("neg") { -$0 } + each("abs") { $0.abs() }
    + each("sign", isDifferentiable: false) { $0.sign() }
    + each("exp") { $0.exp() } + each("expm1") { $0.expm1() }
    + each("log", in: 0.1...3) { $0.log() } + each("log1p", in: -0.8...3) { $0.log1p() }
    + each("sqrt", in: 0.1...3) { $0.sqrt() } + each("rsqrt", in: 0.3...3) { $0.rsqrt() }
    + each("square") { $0.square() } + each("reciprocal", in: 0.4...3) { $0.reciprocal() }
    + each("sin") { $0.sin() } + each("cos") { $0.cos() } + each("tanh") { $0.tanh() }
    + each("sigmoid", in: -6...6) { $0.sigmoid() } + each("softplus", in: -6...6) { $0.softplus() }
    + each("relu") { $0.relu() } + each("floor", isDifferentiable: false) { $0.floor() }

  private static let binary: [OperationSample] =
    pairs("add") { $0 + $1 } + pairs("sub") { $0 - $1 } + pairs("mul") { $0 * $1 }
    + pairs("div", in: 0.4...2) { $0 / $1 } + pairs("pow", in: 0.4...2) { $0.pow($1) }
    + pairs("max") { $0.maximum($1) } + pairs("min") { $0.minimum($1) }
    + [
      OperationSample("pow", "whole exponent, negative base", shapes: [[7]]) { $0[0].pow(3) },
      OperationSample("add", "the neutral element", shapes: [[3]]) { $0[0] + 0 },
      OperationSample("mul", "the neutral element", shapes: [[3]]) { $0[0] * 1 },
    ]

  private static let comparisons: [OperationSample] =
    pairs("equal", isDifferentiable: false) { $0.floor().isEqual(to: $1.floor()) }
    + pairs("notEqual", isDifferentiable: false) { $0.floor().isNotEqual(to: $1.floor()) }
    + pairs("less", isDifferentiable: false) { $0.isLess(than: $1) }
    + pairs("lessOrEqual", isDifferentiable: false) { $0.isLessOrEqual(to: $1) }
    + pairs("greater", isDifferentiable: false) { $0.isGreater(than: $1) }
    + pairs("greaterOrEqual", isDifferentiable: false) { $0.isGreaterOrEqual(to: $1) }
    + pairs("select") { $0.isGreater(than: 0.3).select($0, $1) }
    + [
      OperationSample("select", "all three stretched", shapes: [[3, 1], [4], [2, 1, 1]]) {
        $0[0].isGreater(than: 0).select($0[1], $0[2])
      }
    ]

  private static let reductions: [OperationSample] = {
    let cases: [(Shape, [Int]?)] = [
      ([3, 4], nil), ([3, 4], [0]), ([3, 4], [1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]),
      ([2, 3, 4, 2], [1, 3]), ([2, 3, 4, 2], [0, 2]), ([], nil), ([0, 3], [1]), ([1, 5], [0]),
    ]
    let large: [(Shape, [Int]?)] = [
      ([70_001], nil), ([40, 70, 33], [0, 2]), ([300, 500], [0]), ([300, 500], [1]),
      ([5, 70, 90], [1]),
    ]
    func samples(
      _ name: String, _ function: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor
    ) -> [OperationSample] {
      cases.flatMap { shape, axes in
        [false, true].map { keeps in
          OperationSample(name, "axes \(axes ?? []), kept \(keeps)", shapes: [shape]) {
            function($0[0], axes, keeps)
          }
        }
      }
        + large.map { shape, axes in
          OperationSample(name, "axes \(axes ?? [])", shapes: [shape], isDifferentiable: false) {
            function($0[0], axes, false)
          }
        }
    }
    return samples("sum") { $0.sum(axes: $1, keepsAxes: $2) }
      + [OperationSample("sum", "of nothing", shapes: [[2, 0]]) { $0[0].sum(axes: [1]) }]
      + [OperationSample("sum", "mean", shapes: [[3, 4]]) { $0[0].mean(axes: [-1]) }]
      + samples("maxAlong") { $0.max(axes: $1, keepsAxes: $2) }
      + samples("minAlong") { $0.min(axes: $1, keepsAxes: $2) }
  }()

  private static let movements: [OperationSample] = [
    OperationSample("reshape", shapes: [[3, 4]]) { $0[0].reshaped(to: [2, 6]).square() },
    OperationSample("reshape", "of a reshape", shapes: [[3, 4]]) {
      $0[0].reshaped(to: [12]).reshaped(to: [4, 3])
    },
    OperationSample("transpose", shapes: [[3, 4]]) { $0[0].transposed() },
    OperationSample("transpose", "four axes", shapes: [[2, 3, 4, 2]]) {
      $0[0].transposed([3, 1, 0, 2])
    },
    OperationSample("transpose", "batch", shapes: [[2, 3, 4]]) { $0[0].square().transposed() },
    OperationSample("transpose", "large", shapes: [[130, 257]], isDifferentiable: false) {
      $0[0].transposed()
    },
    OperationSample("broadcast", shapes: [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]).transposed() },
    OperationSample("broadcast", "scalar", shapes: [[]]) { $0[0].broadcast(to: [2, 3]) },
    OperationSample("broadcast", "nothing", shapes: [[1, 3]]) { $0[0].broadcast(to: [0, 3]) },
    OperationSample("slice", shapes: [[5, 6]]) { $0[0].sliced(starts: [1, 2], extents: [3, 2]) },
    OperationSample("slice", "uneven steps", shapes: [[5, 7]]) {
      $0[0].sliced(starts: [1, 0], extents: [2, 3], steps: [3, 2])
    },
    OperationSample("slice", "nothing", shapes: [[4]]) { $0[0].sliced(axis: 0, 2..<2) },
    OperationSample("embed", shapes: [[2, 3]]) { $0[0].padded(low: [1, 0], high: [0, 2]) },
    OperationSample("embed", "gradient of a stepped slice", shapes: [[5, 7]]) {
      $0[0].sliced(starts: [0, 1], extents: [3, 2], steps: [2, 4]).square()
    },
    OperationSample("concatenate", shapes: [[2, 3], [2, 1], [2, 4]]) {
      Tensor.concatenate($0, axis: 1)
    },
    OperationSample("concatenate", "outermost, one empty", shapes: [[2, 3], [0, 3]]) {
      Tensor.concatenate($0, axis: -2)
    },
    OperationSample("concatenate", "one operand twice", shapes: [[2, 2]]) {
      Tensor.concatenate([$0[0], $0[0]], axis: 0)
    },
  ]

  private static let products: [OperationSample] = [
    OperationSample("matmul", shapes: [[3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
    OperationSample("matmul", "left exchanged", shapes: [[4, 3], [4, 5]]) {
      $0[0].transposed().matmul($0[1])
    },
    OperationSample("matmul", "right exchanged", shapes: [[3, 4], [5, 4]]) {
      $0[0].matmul($0[1].transposed())
    },
    OperationSample("matmul", "both exchanged", shapes: [[4, 3], [5, 4]]) {
      $0[0].transposed().matmul($0[1].transposed())
    },
    OperationSample("matmul", "batch", shapes: [[2, 3, 4], [2, 4, 5]]) { $0[0].matmul($0[1]) },
    OperationSample("matmul", "batch, both exchanged", shapes: [[2, 4, 3], [2, 5, 4]]) {
      $0[0].transposed().matmul($0[1].transposed())
    },
    OperationSample("matmul", "rows of a batch", shapes: [[2, 3, 4], [4, 5]]) {
      $0[0].matmul($0[1])
    },
    OperationSample("matmul", "one row", shapes: [[1, 4], [4, 1]]) { $0[0].matmul($0[1]) },
    OperationSample("matmul", "no rows", shapes: [[0, 4], [4, 2]]) { $0[0].matmul($0[1]) },
    OperationSample("matmul", "one operand twice", shapes: [[3, 3]]) { $0[0].matmul($0[0]) },
    OperationSample(
      "matmul", "large, cut by rows", shapes: [[300, 120], [120, 200]], isDifferentiable: false
    ) { $0[0].matmul($0[1]) },
    OperationSample(
      "matmul", "large, cut by columns", shapes: [[120, 70], [900, 120]], isDifferentiable: false
    ) { $0[0].transposed().matmul($0[1].transposed()) },
  ]

  private static let convolutions: [OperationSample] = {
    typealias Case = (note: String, image: Shape, weight: Shape, geometry: ConvolutionGeometry)
    var uneven = ConvolutionGeometry(stride: 2)
    uneven.stride = [2, 1]
    uneven.padding = [1, 0, 2, 1]
    uneven.dilation = [1, 2]
    let cases: [Case] = [
      ("plain", [2, 2, 5, 4], [3, 2, 3, 2], .init()),
      ("stride 2, padding 1", [2, 1, 6, 6], [2, 1, 4, 4], .init(stride: 2, padding: 1)),
      ("rows left over", [1, 2, 6, 5], [2, 2, 3, 3], .init(stride: 2)),
      ("dilated", [1, 1, 7, 7], [1, 1, 3, 3], .init(padding: 2, dilation: 2)),
      ("groups", [1, 4, 4, 4], [6, 2, 3, 3], .init(padding: 1, groups: 2)),
      ("depthwise", [2, 3, 4, 4], [3, 1, 3, 3], .init(padding: 1, groups: 3)),
      ("uneven", [2, 2, 5, 6], [2, 2, 3, 2], uneven),
      ("1x1", [1, 3, 3, 3], [2, 3, 1, 1], .init()),
    ]
    let samples = cases.flatMap { item -> [OperationSample] in
      let result = resultShape(item.image, item.weight, item.geometry)
      let groups = item.geometry.groups
      let spread = Shape([item.weight[0], item.weight[1], item.weight[2], item.weight[3]])
      return [
        OperationSample("conv2d", item.note, shapes: [item.image, item.weight]) {
          $0[0].convolved(with: $0[1], item.geometry)
        },
        OperationSample("conv2dImageGradient", item.note, shapes: [result, spread]) {
          $0[0].convolvedTransposed(with: $0[1], item.geometry)
        },
        OperationSample("conv2dWeightGradient", item.note, shapes: [item.image, result]) {
          let weight = $0[0].graph.input("unused", shape: item.weight)
          let loss = ($0[0].convolved(with: weight, item.geometry) * $0[1]).sum()
          precondition(groups == item.geometry.groups)
          return $0[0].graph.gradients(of: loss, withRespectTo: [weight])[0]
        },
      ]
    }
    return samples + [
      OperationSample(
        "conv2d", "many images", shapes: [[37, 3, 9, 9], [8, 3, 4, 4]], isDifferentiable: false
      ) { $0[0].convolved(with: $0[1], .init(stride: 2, padding: 1)) },
      OperationSample(
        "conv2dImageGradient", "output padding", shapes: [[1, 2, 3, 3], [2, 2, 3, 3]]
      ) {
        $0[0].convolvedTransposed(
          with: $0[1], .init(stride: 2, padding: 1), outputPadding: 1)
      },
    ]
  }()

  private static func resultShape(
    _ image: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry
  ) -> Shape {
    let graph = Graph()
    return graph.input("image", shape: image)
      .convolved(with: graph.input("weight", shape: weight), geometry).shape
  }
}
