import TensorEngine
import Testing

/// Reading, adding and ordering by position against plain loops.
@Suite struct IndexingTests {
  /// Whole numbers from 0 on, to be used as positions.
  private func positions(_ shape: Shape, below count: Int) -> TensorValue<Double> {
    var value = numbers(shape, "positions", in: 0...Double(count))
    for index in value.scalars.indices {
      value.scalars[index] = min(value.scalars[index].rounded(.down), Double(count - 1))
    }
    return value
  }

  @Test(
    arguments: [
      ([5, 3], [4], 0), ([5, 3], [2, 3], 0), ([2, 4, 3], [3, 2], 1), ([2, 3], [7], -1),
      ([5, 3], [], 0), ([4, 2], [0], 0), ([4, 0], [3], 0), ([2000, 40], [900], 0),
      ([3, 20, 50], [300], 1),
    ] as [(Shape, Shape, Int)])
  func gathersReadSlicesAndScattersAddThem(table: Shape, places: Shape, axis: Int) throws {
    let at = axis < 0 ? axis + table.rank : axis
    var extents = table.dimensions
    extents.replaceSubrange(at...at, with: places.dimensions)
    let operands = [
      numbers(table), positions(places, below: table[at]), numbers(Shape(extents), "slices"),
    ]
    let trace = { (x: [Tensor]) -> [Tensor] in
      let index = x[1].index()
      return [
        x[0].gathered(at: index, axis: axis),
        x[2].scatterAdded(at: index, extent: table[at], axis: axis),
      ]
    }
    let results: [TensorValue<Double>] = try evaluate(operands, trace)
    var sums = TensorValue(repeating: 0.0, shape: table)
    let gathered = TensorValue<Double>(Shape(extents)) { place in
      let position = operands[1][Array(place[at..<at + places.rank])]
      var source = place
      source.replaceSubrange(at..<at + places.rank, with: [Int(position)])
      let offset = zip(source, table.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      sums.scalars[offset] += operands[2][place]
      return operands[0].scalars[offset]
    }
    #expect(results[0] == gathered)
    #expect(results[1].distance(to: sums) <= 1e-14)
    for threads in 2...3 {
      #expect(try evaluate(operands, threads: threads, trace) == results)
    }
  }

  @Test(
    arguments: [
      ([3, 4], 1, 6), ([3, 4], 0, 2), ([2, 3, 4], 1, 5), ([5], 0, 5), ([0, 3], 1, 2),
      ([2, 0], 1, 3), ([90, 300], 1, 70), ([40, 500], 0, 30),
    ] as [(Shape, Int, Int)])
  func linesAreReadAndAddedToElementByElement(shape: Shape, axis: Int, extent: Int) throws {
    var source = shape.dimensions
    source[axis] = extent
    let operands = [
      numbers(Shape(source)), positions(shape, below: extent), numbers(shape, "elements"),
    ]
    let results: [TensorValue<Double>] = try evaluate(operands) { x in
      let index = x[1].index()
      return [
        x[0].takenAlong(axis: axis, at: index),
        x[2].addedAlong(axis: axis, at: index, extent: extent),
      ]
    }
    var sums = TensorValue(repeating: 0.0, shape: Shape(source))
    let taken = TensorValue<Double>(shape) { place in
      var from = place
      from[axis] = Int(operands[1][place])
      let offset = zip(from, source).reduce(0) { $0 * $1.1 + $1.0 }
      sums.scalars[offset] += operands[2][place]
      return operands[0].scalars[offset]
    }
    #expect(results[0] == taken)
    #expect(results[1].distance(to: sums) <= 1e-14)
  }

  /// What is read from nowhere shows; what is added there is left out, and so is its gradient.
  @Test func positionsOutsideReachNoMemory() throws {
    let table = TensorValue<Double>(shape: [3, 2], scalars: [1, 2, 3, 4, 5, 6])
    let places = TensorValue<Double>(shape: [4], scalars: [2, -1, 3, 3e9])
    let results: [TensorValue<Double>] = try evaluate([table, places]) { x in
      let index = x[1].index()
      let rows = x[0].gathered(at: index)
      let sums = rows.graph.constant(1).broadcast(to: [4, 2]).scatterAdded(at: index, extent: 3)
      let weights = x[0].graph.constant([1, 2, 3, 4], shape: [4])
      let added = (weights * 1).addedAlong(axis: 0, at: index, extent: 3)
      return [
        rows, sums, weights.takenAlong(axis: 0, at: index), added,
        x[0].graph.gradients(of: added.sum(), withRespectTo: [weights])[0],
        index.gathered(at: index).real(),
      ]
    }
    #expect(results[0].scalars[..<2] == [5, 6])
    #expect(results[0].scalars[2...].allSatisfy { $0.isNaN })
    #expect(results[1].scalars == [0, 0, 0, 0, 1, 1])
    #expect(results[2].scalars[0] == 3)
    #expect(results[2].scalars[1].isNaN)
    #expect(Array(results[2].scalars[2...].prefix(1)) == [4])
    #expect(results[3].scalars == [0, 0, 1])
    #expect(results[4].scalars == [1, 0, 0, 0])
    #expect(results[5].scalars == [3, 0, 2_147_483_647, 0])
  }

  @Test func oneHotRowsMarkPositions() throws {
    let places = TensorValue<Double>(shape: [2, 2], scalars: [1, 0, 3, -1])
    let result: TensorValue<Double> = try evaluate([places]) { [$0[0].index().oneHot(classes: 3)] }[
      0]
    #expect(result.shape == [2, 2, 3])
    #expect(result.scalars == [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func numbersBecomePositionsTowardsZero() throws {
    let operand = TensorValue<Double>(
      shape: [7], scalars: [1.9, -1.9, 0, 3e10, -3e10, .nan, .infinity])
    let graph = Graph()
    let places = graph.input("x", shape: [7]).index()
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["y": places], as: Double.self))
    program.set("x", to: operand.scalars)
    program.run(step: 0)
    #expect(program[indices: "y"].scalars == [1, -1, 0, .max, .min, 0, .max])
  }

  @Test(
    arguments: [
      ([7], 0), ([3, 50], 1), ([50, 3], 0), ([2, 9, 4], 1), ([1], 0), ([0], 0), ([3, 0], 1),
      ([2, 5000], 1),
    ] as [(Shape, Int)], [false, true])
  func sortsAreStable(item: (shape: Shape, axis: Int), descending: Bool) throws {
    // Few different numbers, so that many are equal.
    let operand = positions(item.shape, below: 10)
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      [
        $0[0].argsorted(axis: item.axis, descending: descending).real(),
        $0[0].sorted(axis: item.axis, descending: descending),
      ]
    }
    let extent = item.shape[item.axis]
    var expected = results
    for place in item.shape.places where place[item.axis] == 0 {
      func offset(_ position: Int) -> Int {
        var place = place
        place[item.axis] = position
        return zip(place, item.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      }
      let line = (0..<extent).map { ($0, operand.scalars[offset($0)]) }
      // Positions break ties, whatever the order of the numbers.
      let order = line.sorted { a, b in
        a.1 == b.1 ? a.0 < b.0 : descending ? a.1 > b.1 : a.1 < b.1
      }
      for (position, element) in order.enumerated() {
        expected[0].scalars[offset(position)] = Double(element.0)
        expected[1].scalars[offset(position)] = element.1
      }
    }
    #expect(results == expected)
  }

  /// What is not a number counts as the largest; zeros of both signs are equal.
  @Test func ordersAreTotal() throws {
    let operand = TensorValue<Double>(
      shape: [7], scalars: [.nan, 1, -.infinity, 0, .nan, -0.0, .infinity])
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      [$0[0].argsorted().real(), $0[0].argsorted(descending: true).real()]
    }
    #expect(results[0].scalars == [2, 3, 5, 1, 6, 0, 4])
    #expect(results[1].scalars == [0, 4, 6, 1, 3, 5, 2])
  }

  @Test func theLargestComeFirst() throws {
    let operand = TensorValue<Double>(shape: [2, 4], scalars: [3, 7, 7, 1, -1, -2, -1, -3])
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      let (values, indices) = $0[0].topK(3)
      let (columns, rows) = $0[0].topK(1, axis: 0)
      let gradient = $0[0].graph.gradients(of: (values * values).sum(), withRespectTo: [$0[0]])
      return [values, indices.real(), columns, rows.real(), gradient[0]]
    }
    #expect(results[0] == TensorValue(shape: [2, 3], scalars: [7, 7, 3, -1, -1, -2]))
    #expect(results[1] == TensorValue(shape: [2, 3], scalars: [1, 2, 0, 0, 2, 1]))
    #expect(results[2] == TensorValue(shape: [1, 4], scalars: [3, 7, 7, 1]))
    #expect(results[3].scalars == [0, 0, 0, 0])
    #expect(results[4].scalars == [6, 14, 14, 0, -2, -4, -2, 0])
  }
}
