import TensorEngine
import Testing

/// Padding, flips, tiles and the like, against plain loops over places.
@Suite struct RearrangementTests {
  static let borders: [(Shape, [Int], [Int])] = [
    ([3, 4], [1, 0], [0, 2]), ([3, 4], [2, 3], [2, 3]), ([5], [4], [4]),
    ([2, 3, 4], [1, 2, 0], [0, 1, 0]),
    ([2, 3, 4], [0, 2, 0], [0, 2, 0]), ([2, 3, 4], [1, 0, 3], [1, 0, 0]),
    ([2, 3, 70, 90], [0, 0, 4, 4], [0, 0, 4, 4]), ([2, 40, 3, 50], [0, 1, 0, 2], [0, 0, 0, 3]),
    ([2], [0], [0]),
  ]

  /// The operand's place that a place of the padded tensor shows, or nil for a constant.
  private func source(
    _ place: [Int], _ shape: Shape, _ low: [Int], _ border: Border
  ) -> [Int]? {
    var source = place
    for axis in place.indices {
      let (index, last) = (place[axis] - low[axis], shape[axis] - 1)
      switch border {
      case .constant where index < 0 || index > last: return nil
      case .constant: source[axis] = index
      case .edge: source[axis] = min(max(index, 0), last)
      case .reflect: source[axis] = last - (last - index.magnitude.asInt).magnitude.asInt
      }
    }
    return source
  }

  @Test(
    arguments: borders, [.constant(0), .constant(-1.5), .reflect, .edge] as [Border])
  func paddingAndItsGradient(item: (Shape, [Int], [Int]), border: Border) throws {
    let (shape, low, high) = item
    let x = numbers(shape)
    let padded = Shape(shape.dimensions.indices.map { low[$0] + shape[$0] + high[$0] })
    let cotangent = numbers(padded, "cotangent")
    for threads in [1, 2] {
      let results: [TensorValue<Double>] = try evaluate([x, cotangent], threads: threads) {
        let y = $0[0].padded(low: low, high: high, border)
        return [y, $0[0].graph.gradients(of: (y * $0[1]).sum(), withRespectTo: [$0[0]])[0]]
      }
      var gradient = TensorValue(repeating: 0.0, shape: shape)
      let expected = TensorValue<Double>(padded) { place in
        guard let source = source(place, shape, low, border) else {
          if case .constant(let value) = border { return value }
          return .nan
        }
        let offset = zip(source, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
        gradient.scalars[offset] += cotangent[place]
        return x[source]
      }
      #expect(results[0] == expected)
      #expect(results[1].distance(to: gradient) <= 1e-14)
    }
  }

  @Test func paddingKeepsTheElementType() throws {
    let graph = Graph()
    let bytes = graph.input("bytes", shape: [3], type: .byte)
    let positions = bytes.real().argmax(axis: 0, keepsAxis: true)
    let outputs = [
      "reflected": bytes.padded(low: [2], high: [0], .reflect).real(),
      "filled": bytes.padded(low: [0], high: [1], .constant(200)).real(),
      "edged": positions.padded(low: [1], high: [1], .edge).real(),
      "marked": positions.padded(low: [1], high: [0], .constant(-7)).real(),
    ]
    let program = Workspace<Float>(threads: 1, seed: 0).load(try graph.compile(outputs))
    program.set("bytes", to: [1, 2, 255] as [UInt8])
    program.run(step: 0)
    #expect(program["reflected"].scalars == [255, 2, 1, 2, 255])
    #expect(program["filled"].scalars == [1, 2, 255, 200])
    #expect(program["edged"].scalars == [2, 2, 2])
    #expect(program["marked"].scalars == [-7, 2])
  }

  @Test(
    arguments: [
      ([3, 4], nil), ([3, 4], [1]), ([2, 3, 5], [0, -1]), ([130, 257], [0]), ([0, 2], nil),
    ]
      as [(Shape, [Int]?)])
  func flipsReverse(shape: Shape, axes: [Int]?) throws {
    let x = numbers(shape)
    let result: TensorValue<Double> = try evaluate([x]) { [$0[0].flipped(axes: axes)] }[0]
    let turned = (axes ?? Array(0..<shape.rank)).map { $0 < 0 ? $0 + shape.rank : $0 }
    let expected = TensorValue<Double>(shape) { place in
      x[place.indices.map { turned.contains($0) ? shape[$0] - 1 - place[$0] : place[$0] }]
    }
    #expect(result == expected)
  }

  @Test func slicesGoBackwards() throws {
    let x = numbers([7, 3])
    let results: [TensorValue<Double>] = try evaluate([x]) {
      let y = $0[0].sliced(starts: [6, 1], extents: [3, 2], steps: [-3, -1])
      return [y, $0[0].graph.gradients(of: y.square().sum(), withRespectTo: $0)[0]]
    }
    #expect(results[0] == TensorValue([3, 2]) { x[[6 - 3 * $0[0], 1 - $0[1]]] })
    #expect(
      results[1] == TensorValue([7, 3]) { $0[0] % 3 == 0 && $0[1] < 2 ? 2 * x[$0] : 0 })
  }

  @Test(arguments: [-13, -1, 0, 2, 5, 7])
  func rollsGoRound(shift: Int) throws {
    let x = numbers([2, 5])
    let result: TensorValue<Double> = try evaluate([x]) { [$0[0].rolled(by: shift, axis: 1)] }[0]
    #expect(result == TensorValue([2, 5]) { x[[$0[0], (($0[1] - shift) % 5 + 5) % 5]] })
  }

  @Test(
    arguments: [
      ([3, 4], [2, 3]), ([3], [2, 2]), ([2, 3], [2]), ([2, 1, 2], [1, 3, 2]), ([], [4]),
    ]
      as [(Shape, [Int])])
  func tilesRepeat(shape: Shape, repeats: [Int]) throws {
    let x = numbers(shape)
    let result: TensorValue<Double> = try evaluate([x]) { [$0[0].tiled(repeats)] }[0]
    let count = max(shape.rank, repeats.count)
    let extents = [Int](repeating: 1, count: count - shape.rank) + shape.dimensions
    let times = [Int](repeating: 1, count: count - repeats.count) + repeats
    let source = TensorValue(shape: Shape(extents), scalars: x.scalars)
    #expect(
      result
        == TensorValue(Shape(zip(extents, times).map { $0 * $1 })) { place in
          source[zip(place, extents).map { $0 % $1 }]
        })
  }

  @Test func stacksAndSplitsAreOpposites() throws {
    let parts = (0..<3).map { numbers([2, 4], "part \($0)") }
    for axis in [0, 1, 2, -1, -3] {
      let results: [TensorValue<Double>] = try evaluate(parts) { parts in
        let stacked = Tensor.stack(parts, axis: axis)
        return [stacked] + stacked.split(into: 3, axis: axis).map { $0.squeezed(axes: [axis]) }
      }
      var extents = [2, 4]
      let place = axis < 0 ? axis + 3 : axis
      extents.insert(3, at: place)
      let expected = TensorValue<Double>(Shape(extents)) { index in
        var source = index
        return parts[source.remove(at: place)][source]
      }
      #expect(results == [expected] + parts)
    }
  }

  @Test func unevenParts() throws {
    let x = numbers([7, 2])
    let results: [TensorValue<Double>] = try evaluate([x]) { $0[0].split(sizes: [1, 0, 6]) }
    #expect(results.map(\.shape) == [[1, 2], [0, 2], [6, 2]])
    #expect(results.flatMap(\.scalars) == x.scalars)
  }

  @Test func axesOfOnePlaceComeAndGo() {
    let x = Graph().input("x", shape: [1, 3, 1])
    #expect(x.squeezed().shape == [3])
    #expect(x.squeezed(axes: [-1]).shape == [1, 3])
    #expect(x.expanded(axis: -1).shape == [1, 3, 1, 1])
    #expect(x.expanded(axis: 1).shape == [1, 1, 3, 1])
    #expect(x.squeezed().expanded(axis: 0).squeezed().shape == [3])
  }
}

extension UInt {
  fileprivate var asInt: Int { Int(self) }
}
