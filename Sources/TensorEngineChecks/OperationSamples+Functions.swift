import TensorEngine

extension OperationSample {
  /// Rounding, logic and the functions that networks apply to each element.
  static let activations: [OperationSample] =
    each("ceil") + each("round") + each("erf") + each("elu") + each("selu", in: -4...4)
    + each("softsign") + each("hardSigmoid", in: -5...5) + each("silu", in: -6...6)
    + each("gelu", in: -4...4) + each("leakyRelu") + pairs("prelu") + pairs("mod", in: 1.1...1.9)
    + pairs("logicalAnd", ofWholeNumbers: true) + pairs("logicalOr", ofWholeNumbers: true)
    + each("logicalNot")
    + unaryShapes.flatMap { shape in
      [
        OperationSample("leakyRelu", "slope", shapes: [shape], ["slope": 0.2]),
        OperationSample("leakyRelu", "negative slope", shapes: [shape], ["slope": -0.3]),
        OperationSample("elu", "alpha", shapes: [shape], ["alpha": 0.7]),
        OperationSample(
          "gelu", "tanh", shapes: [shape], ["approximate": "tanh"], ranges: [-4...4]),
        OperationSample("clamp", shapes: [shape], ["low": -0.5, "high": 1.25]),
        OperationSample("clamp", "above", shapes: [shape], ["low": -9, "high": 0.5]),
        OperationSample("logicalNot", "whole", shapes: [shape], wholeOperands: [0]),
      ]
    }
    + [
      OperationSample(
        "mod", "of both signs", shapes: [[9], [1]], ranges: [-2.9 ... -2.1, 1.2...1.3]),
      OperationSample(
        "mod", "by a negative number", shapes: [[9], [1]], ranges: [2.1...2.4, -0.9 ... -0.8]),
      OperationSample(
        "equal", "positions", shapes: [[5, 4]], type: .index, isDifferentiable: false
      ) { $0[0].isEqual(to: $0[0].transposed().reshaped(to: [5, 4])) },
    ]

  /// Angles and hyperbolic functions.
  static let trigonometry: [OperationSample] =
    each("tan", in: -1.2...1.2) + each("asin", in: -0.9...0.9) + each("acos", in: -0.9...0.9)
    + each("atan") + each("sinh") + each("cosh") + each("asinh") + each("acosh", in: 1.2...4)
    + each("atanh", in: -0.9...0.9) + pairs("atan2", in: 0.3...2)
    + [
      OperationSample(
        "atan2", "left of the origin", shapes: [[12], [12]], ranges: [0.5...1, -2 ... -0.5])
    ]

  /// Products, places of extremes, and what is composed along axes.
  static let statistics: [OperationSample] = {
    let cases: [(Shape, [Int]?)] = [
      ([3, 4], nil), ([3, 4], [0]), ([3, 5], [-1]), ([2, 3, 4], [1]), ([2, 3, 2], [0, 2]),
      ([1, 5], [1]), ([7], [0]), ([40, 70, 33], [0, 2]), ([0, 3], [1]),
    ]
    let reductions = ["prod", "variance", "standardDeviation", "logSumExp"].flatMap { name in
      cases.flatMap { shape, axes in
        [false, true].map { keeps in
          var attributes: [String: Attribute.Value] = ["keepsAxes": .flag(keeps)]
          attributes["axes"] = axes.map { .integers($0) }
          return OperationSample(
            name, "axes \(axes.map { "\($0)" } ?? "all"), kept \(keeps)",
            shapes: [shape], attributes, ranges: [shape.count < 1000 ? 0.4...1.9 : 0.9...1.1])
        }
      }
    }
    let alongAxes: [(Shape, Int)] = [
      ([3, 4], 1), ([3, 4], 0), ([2, 3, 4], 1), ([2, 3, 4], -1), ([1], 0), ([6], -1), ([1, 5], 0),
      ([3, 150, 130], 1), ([3, 150, 130], 2), ([2, 0], 0),
    ]
    let along = alongAxes.flatMap { shape, axis in
      ["softmax", "logSoftmax", "argmax", "argmin", "cumulativeSum"].map { name in
        OperationSample(name, "axis \(axis)", shapes: [shape], ["axis": .integer(axis)])
      }
    }
    let scans = ([([3, 4], 1), ([2, 3, 4], 1), ([5], 0)] as [(Shape, Int)]).flatMap { shape, axis in
      [(true, false), (false, true), (true, true)].map { reverse, exclusive in
        OperationSample(
          "cumulativeSum", "axis \(axis), reverse \(reverse), exclusive \(exclusive)",
          shapes: [shape],
          ["axis": .integer(axis), "reverse": .flag(reverse), "exclusive": .flag(exclusive)])
      }
    }
    return reductions + along + scans
      + [
        OperationSample("prod", "of nothing", shapes: [[2, 0]], ["axes": [1]]),
        OperationSample(
          "prod", "with zeros", shapes: [[6, 4]], ["axes": [1]], ranges: [-2...2],
          wholeOperands: [0]),
        OperationSample(
          "variance", "corrected", shapes: [[3, 4]], ["axes": [1], "correction": 1]),
        OperationSample("standardDeviation", "corrected", shapes: [[9]], ["correction": 1]),
        OperationSample("logSumExp", "large", shapes: [[3, 4]], ["axes": [1]], ranges: [95...104]),
        OperationSample("argmax", "among all", shapes: [[3, 4]]),
        OperationSample("argmin", "among all, kept", shapes: [[3, 4]], ["keepsAxis": true]),
        OperationSample(
          "argmax", "equals, kept", shapes: [[3, 9]], ["axis": 1, "keepsAxis": true],
          wholeOperands: [0]),
        OperationSample("cumulativeSum", "scalar columns", shapes: [[3, 1, 2]], ["axis": 1]),
      ]
  }()
}
