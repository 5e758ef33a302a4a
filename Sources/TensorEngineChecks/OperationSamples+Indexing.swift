import TensorEngine

extension OperationSample {
  /// Tables, sums at positions, and orders.
  static let indexing: [OperationSample] = tables + lines + orders + conversionsToPositions + draws

  /// Operand, positions, axis and the extent along the axis.
  private static let tableCases: [(table: Shape, positions: Shape, axis: Int)] = [
    ([5, 3], [4], 0), ([5, 3], [2, 3], 0), ([4], [6], 0), ([2, 4, 3], [3, 2], 1),
    ([2, 3], [2], -1),
    ([5, 3], [], 0), ([5, 3], [0], 0), ([5, 0], [2], 0), ([1, 2], [3], 0), ([300, 70], [90], 0),
    ([3, 50, 2], [700], 1),
  ]

  private static let tables: [OperationSample] =
    tableCases.flatMap { table, positions, axis in
      let place = axis < 0 ? axis + table.rank : axis
      let extent = table[place]
      var slices = table.dimensions
      slices.replaceSubrange(place...place, with: positions.dimensions)
      let numbers = 0...Double(extent - 1)
      return [
        OperationSample(
          "gather", "axis \(axis)", shapes: [table, positions], ["axis": .integer(axis)],
          ranges: [-2...2, numbers]),
        OperationSample(
          "scatterAdd", "axis \(axis), extent \(extent)", shapes: [Shape(slices), positions],
          ["axis": .integer(axis), "extent": .integer(extent)], ranges: [-2...2, numbers]),
      ]
    } + [
      OperationSample(
        "scatterAdd", "some nowhere", shapes: [[6, 2], [6]], ["extent": 3],
        ranges: [-2...2, -2...5])
    ]

  private static let lineCases: [(shape: Shape, axis: Int, extent: Int)] = [
    ([3, 4], -1, 5), ([3, 4], 0, 2), ([2, 3, 4], 1, 4), ([5], 0, 5), ([1], 0, 1), ([0, 3], 1, 2),
    ([2, 0], 1, 3), ([70, 80], 1, 90), ([40, 30], 0, 35),
  ]

  private static let lines: [OperationSample] =
    lineCases.flatMap { shape, axis, extent in
      let place = axis < 0 ? axis + shape.rank : axis
      var source = shape.dimensions
      source[place] = extent
      let numbers = 0...Double(extent - 1)
      return [
        OperationSample(
          "takeAlongAxis", "axis \(axis)", shapes: [Shape(source), shape], ["axis": .integer(axis)],
          ranges: [-2...2, numbers]),
        OperationSample(
          "addAlongAxis", "axis \(axis), extent \(extent)", shapes: [shape, shape],
          ["axis": .integer(axis), "extent": .integer(extent)], ranges: [-2...2, numbers]),
      ]
    } + [
      OperationSample(
        "addAlongAxis", "some nowhere", shapes: [[2, 6], [2, 6]], ["extent": 3],
        ranges: [-2...2, -2...5])
    ]

  private static let orders: [OperationSample] =
    ([
      ([7], -1), ([3, 5], -1), ([3, 5], 0), ([2, 4, 3], 1), ([1], 0), ([0], 0), ([4, 0], 1),
      ([0, 3], 1),
      ([3, 1000], 1), ([600, 5], 0),
    ] as [(Shape, Int)]).flatMap { shape, axis -> [OperationSample] in
      let extent = shape[axis]
      let axis = Attribute.Value.integer(axis)
      let sorts = [false, true].flatMap { descends in
        ["sort", "argsort"].map { name in
          OperationSample(
            name, "axis \(axis), descending \(descends)", shapes: [shape],
            ["axis": axis, "descending": .flag(descends)])
        }
      }
      return sorts + [
        OperationSample(
          "topK", "axis \(axis)", shapes: [shape], ["k": .integer((extent + 1) / 2), "axis": axis]),
        OperationSample(
          "argsort", "equal ones, axis \(axis)", shapes: [shape], ["axis": axis], ranges: [-2...2],
          wholeOperands: [0]),
      ]
    }

  private static let conversionsToPositions: [OperationSample] =
    ([[3, 5], [], [0, 4], [2, 1031], [1], [7], [2, 1, 3], [1, 0]] as [Shape]).flatMap { shape in
      [
        OperationSample("index", shapes: [shape], ranges: [-500...500]),
        OperationSample("oneHot", shapes: [shape], ["classes": 4], ranges: [0...3]),
        OperationSample(
          "oneHot", "some nowhere", shapes: [shape], ["classes": 3], ranges: [-1...4]),
      ]
    }

  private static let draws: [OperationSample] =
    ([[5], [3, 4], [1], [2, 3, 2], [0, 3], [2, 1], [300, 40], [1, 7]] as [Shape]).map {
      OperationSample("randomCategorical", shapes: [$0])
    }
    + [0, 1, 2, 5, 16, 100, 1000, 10_001].map {
      OperationSample("randomPermutation", "\($0)", shapes: [], ["count": .integer($0)])
    }
}
