import RealModule
import TensorEngine
import Testing

/// Functions that are composed of operations, against their definitions in Double.
@Suite struct FunctionValueTests {
  /// A function of tensors and the same of numbers.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let trace: @Sendable (Tensor) -> Tensor
    let number: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  static let elementwise: [Case] = [
    Case(
      name: "leakyRelu", trace: { $0.leakyRelu(slope: 0.2) }, number: { $0 > 0 ? $0 : 0.2 * $0 }),
    Case(name: "elu", trace: { $0.elu() }, number: { $0 > 0 ? $0 : .expMinusOne($0) }),
    Case(
      name: "elu, alpha", trace: { $0.elu(alpha: 0.3) },
      number: { $0 > 0 ? $0 : 0.3 * .expMinusOne($0) }),
    Case(
      name: "selu", trace: { $0.selu() },
      number: { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * .expMinusOne($0)) }),
    Case(name: "softsign", trace: { $0.softsign() }, number: { $0 / (1 + $0.magnitude) }),
    Case(
      name: "hardSigmoid", trace: { $0.hardSigmoid() }, number: { min(max($0 + 3, 0), 6) / 6 }),
    Case(name: "silu", trace: { $0.silu() }, number: { $0 / (1 + .exp(-$0)) }),
    Case(
      name: "gelu", trace: { $0.gelu() },
      number: { 0.5 * $0 * (1 + .erf($0 / 2.0.squareRoot())) }),
    Case(
      name: "gelu, tanh", trace: { $0.gelu(.tanh) },
      number: { x in
        0.5 * x * (1 + .tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      }),
    Case(
      name: "clamp", trace: { $0.clamped(low: -1, high: 2) }, number: { min(max($0, -1), 2) }),
    Case(name: "logicalNot", trace: { $0.logicalNot() }, number: { $0 == 0 ? 1 : 0 }),
  ]

  @Test(arguments: elementwise)
  func valuesEqualTheDefinition(item: Case) throws {
    let x = TensorValue<Double>(
      shape: [85], scalars: (-40...44).map { Double($0) / 4 })
    let double: TensorValue<Double> = try evaluate([x]) { [item.trace($0[0])] }[0]
    let single = try evaluate([x], as: Float.self) { [item.trace($0[0])] }[0]
    for (index, number) in x.scalars.enumerated() {
      let expected = item.number(number)
      let scale = max(1, expected.magnitude)
      #expect((double.scalars[index] - expected).magnitude <= 1e-14 * scale, "at \(number)")
      #expect((Double(single.scalars[index]) - expected).magnitude <= 2e-6 * scale, "at \(number)")
    }
  }

  /// What is not a number stays so.
  @Test(arguments: elementwise.filter { $0.name != "logicalNot" })
  func notANumberStays(item: Case) throws {
    let x = TensorValue<Double>(shape: [2], scalars: [.nan, 1])
    let result = try evaluate([x], as: Float.self) { [item.trace($0[0])] }[0]
    #expect(result.scalars[0].isNaN && !result.scalars[1].isNaN)
  }

  /// At corners, functions have the derivative that PyTorch gives them.
  @Test func derivativesAtCorners() throws {
    func slope(at x: Double, _ function: (Tensor) -> Tensor) throws -> Double {
      let point = TensorValue<Double>(shape: [], scalars: [x])
      return try evaluate([point]) {
        $0[0].graph.gradients(of: function($0[0]), withRespectTo: $0)
      }[
        0
      ].scalars[0]
    }
    #expect(try slope(at: 0) { $0.leakyRelu(slope: 0.2) } == 0.2)
    #expect(try slope(at: 0) { $0.leakyRelu(slope: -0.2) } == -0.2)
    #expect(try slope(at: 0) { $0.elu(alpha: 0.5) } == 0.5)
    #expect(try slope(at: 800) { $0.elu() } == 1)
    #expect(try slope(at: 0) { $0.softsign() } == 1)
    #expect(try slope(at: 2) { $0.clamped(low: -1, high: 2) } == 1)
    #expect(try slope(at: 2.5) { $0.clamped(low: -1, high: 2) } == 0)
  }

  static let axes: [(Shape, [Int]?)] = [
    ([3, 4], nil), ([3, 4], [0]), ([3, 4], [-1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]), ([], nil),
    ([5], [0]), ([2, 5, 1], [2]), ([300, 50], [0]),
  ]

  /// The elements that are combined at each place of the result, kept axes in order.
  private func groups(_ x: TensorValue<Double>, _ axes: [Int]?) -> [[Double]] {
    let rank = x.shape.rank
    let reduced = Set((axes ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 })
    let kept = Shape((0..<rank).map { reduced.contains($0) ? 1 : x.shape[$0] })
    var groups = [[Double]](repeating: [], count: kept.count)
    for (offset, place) in x.shape.places.enumerated() {
      let target = place.indices.reduce(0) { $0 * kept[$1] + (kept[$1] == 1 ? 0 : place[$1]) }
      groups[target].append(x.scalars[offset])
    }
    return groups
  }

  @Test(arguments: axes)
  func reductionsEqualTheirDefinitions(shape: Shape, axes: [Int]?) throws {
    let x = numbers(shape, in: 0.5...1.5)
    let results: [TensorValue<Double>] = try evaluate([x]) { x in
      [
        x[0].product(axes: axes), x[0].variance(axes: axes),
        x[0].variance(axes: axes, correction: 0.5), x[0].standardDeviation(axes: axes),
        x[0].logSumExp(axes: axes),
      ]
    }
    func squares(_ group: [Double]) -> Double {
      let mean = group.reduce(0, +) / Double(group.count)
      return group.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    }
    let definitions: [([Double]) -> Double] = [
      { $0.reduce(1, *) }, { squares($0) / Double($0.count) },
      { squares($0) / (Double($0.count) - 0.5) }, { (squares($0) / Double($0.count)).squareRoot() },
      { .log($0.map { .exp($0) }.reduce(0, +)) },
    ]
    for (result, definition) in zip(results, definitions) {
      let expected = TensorValue(shape: result.shape, scalars: groups(x, axes).map(definition))
      #expect(result.distance(to: expected) <= 1e-12)
    }
  }

  @Test func variancesWithNothingLeftToDivideBy() throws {
    let x = numbers([3, 1])
    let result: TensorValue<Double> = try evaluate([x]) {
      [$0[0].variance(axes: [1], correction: 1)]
    }[0]
    #expect(result.scalars.allSatisfy { $0.isNaN })
  }

  @Test func logSumExpAtTheEdges() throws {
    let infinity = Double.infinity
    let x = TensorValue<Double>(
      shape: [6, 2],
      scalars: [
        1000, 1000, -1000, -1000, -infinity, 3, -infinity, -infinity, infinity, 1, .nan, 1,
      ])
    let results: [TensorValue<Double>] = try evaluate([x]) { x in
      let y = x[0].logSumExp(axes: [1])
      let sums = y.sliced(axis: 0, 0..<4).sum()
      return [y, x[0].graph.gradients(of: sums, withRespectTo: x)[0]]
    }
    let half = Double.log(2)
    #expect(
      Array(results[0].scalars[..<5]) == [1000 + half, -1000 + half, 3, -infinity, infinity])
    #expect(results[0].scalars[5].isNaN)
    // Of what is -∞ alone, no element matters.
    #expect(Array(results[1].scalars[..<8]) == [0.5, 0.5, 0.5, 0.5, 0, 1, 0, 0])
  }

  @Test(arguments: [0, 1, -1])
  func softmaxesSumToOne(axis: Int) throws {
    let x = numbers([7, 9], in: -900...900)
    let results: [TensorValue<Double>] = try evaluate([x]) { x in
      let softmax = x[0].softmax(axis: axis)
      return [softmax.sum(axes: [axis]), softmax, x[0].logSoftmax(axis: axis).exp()]
    }
    #expect(results[0].scalars.allSatisfy { ($0 - 1).magnitude <= 1e-14 })
    #expect(results[2].distance(to: results[1]) <= 1e-12)
  }

  /// An element's derivative is the product of the others, where one or two of a row are 0 too.
  @Test func gradientsOfProductsWithZeros() throws {
    let x = TensorValue<Double>(
      shape: [4, 5], scalars: [2, 3, 0.5, 4, 1, 2, 0, 3, 1, 5, 0, 2, 3, 0, 1, 0, 0, 0, 2, 1])
    let result: TensorValue<Double> = try evaluate([x]) {
      $0[0].graph.gradients(of: $0[0].product(axes: [1]).sum(), withRespectTo: $0)
    }[0]
    let expected = TensorValue<Double>([4, 5]) { place in
      (0..<5).filter { $0 != place[1] }.map { x[[place[0], $0]] }.reduce(1, *)
    }
    #expect(result == expected)
  }

  @Test(arguments: [false, true])
  func placesOfExtremes(isReal32: Bool) throws {
    let x = TensorValue<Double>(
      shape: [3, 4], scalars: [1, 5, 5, -2, .nan, 3, .nan, 9, 0, 0, 0, 0])
    let trace: ([Tensor]) -> [Tensor] = { x in
      [
        x[0].argmax(axis: 1), x[0].argmin(axis: -1), x[0].argmax(axis: 0), x[0].argmin(),
        x[0].sliced(axis: 0, 0..<1).argmax(keepsAxis: true), x[0].argmax(axis: 0, keepsAxis: true),
      ].map { $0.real() }
    }
    let results: [TensorValue<Double>] =
      isReal32
      ? try evaluate([x], as: Float.self, trace).map {
        TensorValue(shape: $0.shape, scalars: $0.scalars.map(Double.init))
      } : try evaluate([x], trace)
    #expect(results[0] == TensorValue(shape: [3], scalars: [1, 0, 0]))
    #expect(results[1] == TensorValue(shape: [3], scalars: [3, 0, 0]))
    #expect(results[2] == TensorValue(shape: [4], scalars: [1, 0, 1, 1]))
    #expect(results[3] == TensorValue(shape: [], scalars: [4]))
    #expect(results[4] == TensorValue(shape: [1, 1], scalars: [1]))
    #expect(results[5].shape == [1, 4])
  }

  @Test(
    arguments: [([3, 4], 0), ([3, 4], 1), ([2, 300, 3], 1), ([9], 0), ([2, 3, 200], -1)]
      as [(Shape, Int)], [(false, false), (true, false), (false, true), (true, true)])
  func cumulativeSumsAddWhatComesBefore(
    item: (shape: Shape, axis: Int), mode: (reversed: Bool, exclusive: Bool)
  ) throws {
    let x = numbers(item.shape)
    let result: TensorValue<Double> = try evaluate([x]) {
      [$0[0].cumulativeSum(axis: item.axis, reversed: mode.reversed, exclusive: mode.exclusive)]
    }[0]
    let axis = item.axis < 0 ? item.axis + item.shape.rank : item.axis
    let expected = TensorValue<Double>(item.shape) { place in
      (0..<item.shape[axis]).filter { other in
        other == place[axis]
          ? !mode.exclusive : mode.reversed ? other > place[axis] : other < place[axis]
      }.reduce(0) { sum, other in
        var source = place
        source[axis] = other
        return sum + x[source]
      }
    }
    #expect(result.distance(to: expected) <= 1e-13)
  }

  @Test func positionsAreComparedAsTheyAre() throws {
    let graph = Graph()
    let a = graph.input("a", shape: [4], type: .index)
    let b = graph.input("b", shape: [1], type: .index)
    let program = Workspace<Float>(threads: 1, seed: 0).load(
      try graph.compile(["equal": a.isEqual(to: b), "less": a.isLess(than: b)]))
    program.set("a", to: [-3, 7, 8, 70_000] as [Int32])
    program.set("b", to: [8] as [Int32])
    program.run(step: 0)
    #expect(program["equal"].scalars == [0, 0, 1, 0])
    #expect(program["less"].scalars == [1, 1, 0, 0])
  }
}
