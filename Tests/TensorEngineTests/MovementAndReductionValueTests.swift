import TensorEngine
import Testing

/// Movements and reductions against plain loops over places.
@Suite struct MovementAndReductionValueTests {
  @Test(
    arguments: [
      ([3, 4], [1, 0]), ([2, 3, 4, 2], [3, 1, 0, 2]), ([130, 257], [1, 0]), ([0, 3], [1, 0]),
      ([5, 1, 40, 3], [2, 0, 3, 1]), ([2, 3, 70], [0, 2, 1]), ([7], [0]),
    ] as [(Shape, [Int])])
  func transposesMoveElements(shape: Shape, permutation: [Int]) throws {
    let operand = numbers(shape)
    let result: TensorValue<Double> = try evaluate([operand]) { [$0[0].transposed(permutation)] }[0]
    let expected = TensorValue<Double>(Shape(permutation.map { shape[$0] })) { place in
      var source = place
      for (axis, origin) in permutation.enumerated() { source[origin] = place[axis] }
      return operand[source]
    }
    #expect(result == expected)
  }

  @Test(
    arguments: [
      ([3, 1], [2, 3, 4]), ([], [2, 3]), ([1, 3], [0, 3]), ([2, 1, 1, 5], [2, 3, 4, 5]),
      ([1], [40_000]), ([6, 1], [6, 9000]),
    ] as [(Shape, Shape)])
  func broadcastsRepeatElements(shape: Shape, target: Shape) throws {
    let operand = numbers(shape)
    let result: TensorValue<Double> = try evaluate([operand]) { [$0[0].broadcast(to: target)] }[0]
    #expect(result == TensorValue(target) { operand[$0] })
  }

  @Test(
    arguments: [
      ([5, 6], [1, 2], [3, 2], [1, 1]), ([5, 7], [1, 0], [2, 3], [3, 2]), ([4], [2], [0], [1]),
      ([3, 8, 5], [0, 1, 4], [3, 3, 1], [1, 3, 2]),
    ] as [(Shape, [Int], [Int], [Int])])
  func slicesAndTheirGradientsAreOpposites(
    shape: Shape, starts: [Int], extents: [Int], steps: [Int]
  ) throws {
    let operand = numbers(shape)
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      let slice = $0[0].sliced(starts: starts, extents: extents, steps: steps)
      let loss = (slice * slice.stopGradient()).sum()
      return [slice, $0[0].graph.gradients(of: loss, withRespectTo: $0)[0]]
    }
    var embedded = TensorValue(repeating: 0.0, shape: shape)
    let expected = TensorValue<Double>(Shape(extents)) { place in
      let source = place.indices.map { starts[$0] + place[$0] * steps[$0] }
      let offset = zip(source, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
      embedded.scalars[offset] = operand.scalars[offset]
      return operand[source]
    }
    #expect(results[0] == expected)
    #expect(results[1] == embedded)
  }

  @Test func paddingSurroundsWithZeros() throws {
    let operand = numbers([2, 3])
    let result: TensorValue<Double> = try evaluate([operand]) {
      [$0[0].padded(low: [1, 0], high: [0, 2])]
    }[0]
    let expected = TensorValue<Double>([3, 5]) { place in
      place[0] >= 1 && place[1] < 3 ? operand[[place[0] - 1, place[1]]] : 0
    }
    #expect(result == expected)
  }

  @Test(
    arguments: [
      ([[2, 3], [2, 1], [2, 4]], 1), ([[2, 3], [0, 3], [5, 3]], -2), ([[3], [2]], 0),
      ([[2, 1, 3], [2, 2, 3]], 1),
    ] as [([Shape], Int)])
  func concatenationLaysEndToEnd(shapes: [Shape], axis: Int) throws {
    let operands = shapes.enumerated().map { numbers($1, "part \($0)") }
    let result: TensorValue<Double> = try evaluate(operands) {
      [Tensor.concatenate($0, axis: axis)]
    }[0]
    let place = axis < 0 ? axis + shapes[0].rank : axis
    var extents = shapes[0].dimensions
    extents[place] = shapes.map { $0[place] }.reduce(0, +)
    let expected = TensorValue<Double>(Shape(extents)) { index in
      var source = index
      for operand in operands {
        if source[place] < operand.shape[place] { return operand[source] }
        source[place] -= operand.shape[place]
      }
      return .nan
    }
    #expect(result == expected)
  }

  @Test func reshapesKeepTheOrder() throws {
    let operand = numbers([3, 4])
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      [
        $0[0].reshaped(to: [2, 6]), $0[0].transposed().reshaped(to: [12]), $0[0].flattened(from: 0),
      ]
    }
    #expect(results[0] == TensorValue(shape: [2, 6], scalars: operand.scalars))
    let turned = TensorValue<Double>([4, 3]) { operand[[$0[1], $0[0]]] }
    #expect(results[1] == TensorValue(shape: [12], scalars: turned.scalars))
    #expect(results[2] == TensorValue(shape: [12], scalars: operand.scalars))
  }

  @Test func movementsKeepTheElementType() throws {
    let graph = Graph()
    let bytes = graph.input("bytes", shape: [2, 3], type: .byte)
    let moved = Tensor.concatenate([bytes.transposed(), bytes.reshaped(to: [3, 2])], axis: 1)
    #expect(moved.type == .byte)
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["y": moved.real()], as: Double.self))
    program.set("bytes", to: [1, 2, 3, 4, 5, 255] as [UInt8])
    program.run(step: 0)
    #expect(program["y"].scalars == [1, 4, 1, 2, 2, 5, 3, 4, 3, 255, 5, 255])
  }

  static let reductions: [(Shape, [Int])] = [
    ([3, 4], [0, 1]), ([3, 4], [0]), ([3, 4], [1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]),
    ([2, 3, 4, 2], [1, 3]), ([2, 3, 4, 2], [0, 2]), ([], []), ([1, 5], [0]), ([70_001], [0]),
    ([40, 7, 33], [0, 2]), ([300, 50], [0]), ([300, 50], [1]), ([3, 2, 3, 2, 3], [0, 2, 4]),
    ([3, 2, 3, 2, 3], [1, 3]), ([2, 20_000], [1]), ([2, 1, 3], [1]),
  ]

  @Test(arguments: reductions)
  func reductionsCombineAlongAxes(shape: Shape, axes: [Int]) throws {
    let operand = numbers(shape)
    let results: [TensorValue<Double>] = try evaluate([operand]) {
      [
        $0[0].sum(axes: axes, keepsAxes: true), $0[0].max(axes: axes, keepsAxes: true),
        $0[0].min(axes: axes, keepsAxes: true), $0[0].mean(axes: axes, keepsAxes: true),
        $0[0].sum(axes: axes),
      ]
    }
    let kept = Shape(shape.dimensions.enumerated().map { axes.contains($0) ? 1 : $1 })
    var groups = [[Double]](repeating: [], count: kept.count)
    for (offset, place) in shape.places.enumerated() {
      let target = place.indices.reduce(0) { $0 * kept[$1] + (kept[$1] == 1 ? 0 : place[$1]) }
      groups[target].append(operand.scalars[offset])
    }
    func expected(_ combine: ([Double]) -> Double) -> TensorValue<Double> {
      TensorValue(shape: kept, scalars: groups.map(combine))
    }
    let sums = expected { $0.reduce(0, +) }
    #expect(results[0].distance(to: sums) <= 1e-13)
    #expect(results[1] == expected { $0.max() ?? .nan })
    #expect(results[2] == expected { $0.min() ?? .nan })
    #expect(results[3].distance(to: expected { $0.reduce(0, +) / Double($0.count) }) <= 1e-13)
    let rest = shape.dimensions.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
    #expect(results[4] == TensorValue(shape: Shape(rest), scalars: results[0].scalars))
  }

  @Test func theSumOfNothingIsZero() throws {
    let nothing = numbers([2, 0])
    let results: [TensorValue<Double>] = try evaluate([nothing]) {
      [$0[0].sum(axes: [1]), $0[0].sum(), $0[0].sum(axes: [0]), $0[0].max(axes: [1])]
    }
    #expect(results[0].scalars == [0, 0])
    #expect(results[1].scalars == [0])
    #expect(results[2].shape == [0])
    #expect(results[3].scalars == [-.infinity, -.infinity])
  }
}
