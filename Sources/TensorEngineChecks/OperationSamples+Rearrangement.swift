import TensorEngine

extension OperationSample {
  /// Padding of every kind.
  static let borders: [OperationSample] = {
    let cases: [(Shape, [Int], [Int])] = [
      ([3, 4], [1, 0], [0, 2]), ([2, 3, 4, 5], [0, 0, 2, 3], [0, 0, 1, 4]), ([5], [4], [4]),
      ([3, 4, 2], [2, 3, 0], [1, 0, 0]), ([3, 4, 2], [0, 1, 0], [0, 2, 0]),
      ([3, 4, 2], [2, 0, 1], [0, 0, 1]), ([1, 2, 40, 60], [0, 0, 3, 3], [0, 0, 3, 3]),
      ([2, 2], [0, 0], [0, 0]), ([], [], []),
    ]
    let places = cases.flatMap { shape, low, high in
      ["constant", "reflect", "edge"].map { mode in
        OperationSample(
          "pad", "\(mode), \(low) and \(high)", shapes: [shape],
          ["low": .integers(low), "high": .integers(high), "mode": .word(mode), "value": 0.75])
      }
    }
    return places + [
      OperationSample("pad", "nothing", shapes: [[0, 3]], ["low": [1, 0], "high": [2, 1]]),
      OperationSample(
        "pad", "edges of one place", shapes: [[1]], ["low": 3, "high": 2, "mode": "edge"]),
      OperationSample(
        "pad", "bytes", shapes: [[2, 3]],
        ["low": [1, 1], "high": [0, 1], "mode": "reflect"], types: [.byte], ranges: [0...255]
      ),
      OperationSample(
        "pad", "positions", shapes: [[2, 3]], ["low": [1, 1], "high": [0, 1], "value": -1],
        types: [.index], ranges: [-9...9]),
    ]
  }()

  /// What is composed of reshapes, slices, broadcasts and concatenations.
  static let rearrangements: [OperationSample] =
    ([
      ([3, 4], nil), ([3, 4], [0]), ([3, 4], [-1]), ([2, 3, 4], [0, 2]), ([], nil), ([5], [0]),
      ([0, 3], nil), ([2, 1, 70], [2]), ([130, 257], nil),
    ] as [(Shape, [Int]?)]).map { shape, axes in
      OperationSample(
        "flip", "axes \(axes.map { "\($0)" } ?? "all")", shapes: [shape],
        axes.map { ["axes": .integers($0)] } ?? [:])
    }
    + ([
      ([5], 2, 0), ([3, 4], -1, 1), ([3, 4], 7, 0), ([2, 3, 4], 1, -2), ([1], 5, 0), ([4], 0, 0),
      ([0, 2], 3, 0), ([6], -6, 0),
    ] as [(Shape, Int, Int)]).map {
      OperationSample(
        "roll", "by \($1) along \($2)", shapes: [$0],
        ["shift": .integer($1), "axis": .integer($2)])
    }
    + ([
      ([3, 4], [2, 3]), ([3, 4], [2]), ([4], [2, 3]), ([], [3]), ([2, 3], [1, 1]),
      ([2, 3], [0, 2]),
      ([0, 2], [2, 2]), ([2, 1, 3], [3, 2, 2]),
    ] as [(Shape, [Int])]).map {
      OperationSample("tile", "\($1) times", shapes: [$0], ["repeats": .integers($1)])
    }
    + ([
      ([[2, 3], [2, 3]], 0), ([[2, 3], [2, 3]], 1), ([[2, 3], [2, 3], [2, 3]], -1), ([[], []], 0),
      ([[4]], 0), ([[0, 2], [0, 2]], 1), ([[1], [1]], -2), ([[2, 2, 2], [2, 2, 2]], 2),
    ] as [([Shape], Int)]).map {
      OperationSample("stack", "axis \($1)", shapes: $0, ["axis": .integer($1)])
    }
    + ([
      ([5], 2, 0), ([3, 4], 1, 1), ([3, 4], 0, 0), ([3, 4], 4, -1), ([2, 3, 4], 2, 1), ([1], 1, 0),
      ([0, 2], 1, 1), ([7, 2], 3, 0),
    ] as [(Shape, Int, Int)]).map {
      OperationSample(
        "split", "\($1) along \($2)", shapes: [$0], ["size": .integer($1), "axis": .integer($2)])
    }
    + ([
      ([1, 3, 1], nil), ([1, 3, 1], [0]), ([1, 3, 1], [-1]), ([2, 3], nil), ([], nil), ([1], [0]),
      ([1, 0], [0]), ([1, 1, 1], [0, 2]),
    ] as [(Shape, [Int]?)]).map { shape, axes in
      OperationSample(
        "squeeze", "axes \(axes.map { "\($0)" } ?? "all")", shapes: [shape],
        axes.map { ["axes": .integers($0)] } ?? [:])
    }
    + ([
      ([3, 4], 0), ([3, 4], 1), ([3, 4], -1), ([3, 4], -3), ([], 0), ([5], 1), ([0], 0),
      ([1, 2], 2),
    ] as [(Shape, Int)]).map {
      OperationSample("expandDims", "axis \($1)", shapes: [$0], ["axis": .integer($1)])
    }
    + ([([5], [4], [3], [-2]), ([3, 4], [2, 0], [3, 2], [-1, 2]), ([6], [5], [1], [-9])]
    as [(Shape, [Int], [Int], [Int])]).map {
      OperationSample(
        "slice", "from \($1) by \($3)", shapes: [$0],
        ["starts": .integers($1), "extents": .integers($2), "steps": .integers($3)])
    }

  /// Gradients of one's own, and segments that are computed again.
  static let gradientControls: [OperationSample] = [
    OperationSample("sin", "its gradient given", shapes: [[3, 4]]) { x in
      x[0].stopGradient().sin().withGradient(of: x) { [$0.cotangent * $0.inputs[0].cos()] }
    },
    OperationSample("matmul", "in a checkpointed segment", shapes: [[3, 4], [4, 4]]) { x in
      let first = x[0].graph.checkpointed { x[0].matmul(x[1]).tanh().matmul(x[1]) }
      return x[0].graph.checkpointed { (first * x[0]).sin() + first }
    },
    OperationSample("mul", "in nested checkpointed segments", shapes: [[5]]) { x in
      x[0].graph.checkpointed {
        let inner = x[0].graph.checkpointed { (x[0] * 0.5).exp().sin() }
        return inner.square() * x[0]
      }
    },
  ]
}
