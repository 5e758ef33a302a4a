import TensorEngine
import Testing

/// Poolings over one to three axes against plain loops.
@Suite struct PoolingTests {
  /// A window as it is asked for, and what it means.
  struct Case: Sendable, CustomStringConvertible {
    let window: PoolingWindow
    let plain: PlainWindows
    let after: [Int]
    var description: String { plain.description }

    init(
      _ image: Shape, _ size: [Int], stride: [Int]? = nil, before: [Int]? = nil,
      after: [Int]? = nil, padding: Padding? = nil, roundsUp: Bool = false, counts: [Int]
    ) {
      let zeros = size.map { _ in 0 }
      let (before, after) = (before ?? zeros, after ?? before ?? zeros)
      window = PoolingWindow(
        size, stride: stride, padding: padding ?? .explicit(before + after), roundsUp: roundsUp)
      plain = PlainWindows(
        image: image, size: size, stride: stride ?? size, before: before, counts: counts)
      self.after = after
    }
  }

  static let cases: [Case] = [
    Case([2, 3, 4, 6], [2, 2], counts: [2, 3]),
    Case([1, 2, 7, 5], [2, 2], counts: [3, 2]),
    Case([3, 5, 66, 131], [2, 2], counts: [33, 65]),
    Case([2, 3, 9, 10], [3, 3], stride: [2, 2], before: [1, 1], counts: [5, 5]),
    Case([1, 2, 8, 7], [3, 2], stride: [1, 2], before: [1, 0], counts: [8, 3]),
    Case([1, 2, 8, 7], [2, 4], stride: [3, 1], before: [0, 2], after: [1, 1], counts: [3, 7]),
    Case([1, 2, 40, 50], [5, 4], stride: [1, 1], before: [2, 1], counts: [40, 49]),
    Case([1, 1, 5, 6], [2, 2], roundsUp: true, counts: [3, 3]),
    // A last window that would begin beyond the image does not count.
    Case([1, 1, 4, 4], [2, 2], stride: [3, 3], before: [1, 1], roundsUp: true, counts: [2, 2]),
    Case([1, 1, 5, 6], [2, 2], stride: [2, 2], after: [1, 0], padding: .same, counts: [3, 3]),
    Case(
      [1, 2, 6, 7], [3, 4], stride: [2, 1], before: [0, 1], after: [1, 2], padding: .same,
      counts: [3, 7]),
    Case([1, 1, 1, 1], [1, 1], counts: [1, 1]),
    Case([0, 3, 4, 4], [2, 2], counts: [2, 2]),
    Case([2, 3, 10], [3], stride: [2], before: [1], counts: [5]),
    Case([2, 2, 9], [2], counts: [4]),
    Case([1, 2, 5, 6, 7], [2, 2, 2], counts: [2, 3, 3]),
    Case([2, 1, 4, 5, 6], [3, 2, 3], stride: [1, 2, 2], before: [1, 0, 1], counts: [4, 2, 3]),
  ]

  @Test(arguments: cases)
  func valuesPlacesAndMeansEqualThePlainLoop(item: Case) throws {
    let images = numbers(item.plain.image)
    let trace = { (x: [Tensor]) -> [Tensor] in
      let (values, indices) = x[0].maxPooledWithIndices(item.window)
      return [
        values, indices.real(), x[0].averagePooled(item.window),
        x[0].averagePooled(item.window, countsPadding: false),
      ]
    }
    let double: [TensorValue<Double>] = try evaluate([images], trace)
    let single = try evaluate([images], as: Float.self, threads: 2, trace)
    let values = item.plain.results(images) { $0.map(\.1).max() ?? .nan }
    let places = item.plain.results(images) { pixels in
      Double(pixels.first { $0.1 == pixels.map(\.1).max() }?.0 ?? -1)
    }
    let means = item.plain.results(images) { $0.reduce(0) { $0 + $1.1 } / Double($0.count) }
    var sums = item.plain.results(images) { $0.reduce(0) { $0 + $1.1 } }
    let covered = item.plain.coveredPlaces(after: item.after)
    for index in sums.scalars.indices { sums.scalars[index] /= covered[index % covered.count] }
    #expect(double[0] == values)
    #expect(double[1] == places)
    #expect(double[2].distance(to: sums) <= 1e-14)
    #expect(double[3].distance(to: means) <= 1e-14)
    #expect(single[0].scalars == values.scalars.map { Float($0) })
    #expect(single[1].distance(to: places) == 0)
    #expect(single[2].distance(to: sums) <= 1e-6)
    #expect(single[3].distance(to: means) <= 1e-6)
  }

  /// The gradient of a maximum adds each cotangent at the place of the largest pixel.
  @Test(arguments: cases)
  func gradientsGoToTheChosenPlaces(item: Case) throws {
    let images = numbers(item.plain.image)
    let cotangents = numbers(item.plain.result, "cotangents")
    let results: [TensorValue<Double>] = try evaluate([images, cotangents]) { x in
      let (values, indices) = x[0].maxPooledWithIndices(item.window)
      return [
        x[0].graph.gradients(of: (values * x[1]).sum(), withRespectTo: [x[0]])[0],
        x[1].maxUnpooled(to: item.plain.extents, at: indices),
      ]
    }
    let (volume, pixels) = (Shape(item.plain.extents).count, item.plain.pixels)
    var expected = TensorValue(repeating: 0.0, shape: item.plain.image)
    for plane in 0..<item.plain.planes {
      for (window, under) in pixels.enumerated() {
        let place = under.max {
          images.scalars[plane * volume + $0] < images.scalars[plane * volume + $1]
        }
        expected.scalars[plane * volume + (place ?? 0)] +=
          cotangents.scalars[plane * pixels.count + window]
      }
    }
    #expect(results[0].distance(to: expected) <= 1e-15)
    #expect(results[1] == results[0])
  }

  /// Both the loop for squares of two and the one for all windows.
  @Test(arguments: [PoolingWindow(2), PoolingWindow([2, 2], stride: [2, 2], roundsUp: true)])
  func theFirstOfEqualsWinsAndWhatIsNoNumberBeatsAll(window: PoolingWindow) throws {
    var images = TensorValue(repeating: 1.0, shape: [1, 1, 5, 8])
    images.scalars[8 + 2] = 2
    images.scalars[4] = .nan
    images.scalars[8 + 5] = .nan
    images.scalars[6] = -.infinity
    images.scalars[7] = -.infinity
    images.scalars[8 + 6] = -.infinity
    images.scalars[8 + 7] = -.infinity
    let results = try evaluate([images], as: Float.self) {
      let (values, indices) = $0[0].maxPooledWithIndices(window)
      return [values, indices.real()]
    }
    #expect(results[0].scalars[..<2] == [1, 2])
    #expect(results[0].scalars[2].isNaN)
    #expect(results[0].scalars[3] == -.infinity)
    #expect(results[1].scalars[..<5] == [0, 10, 4, 6, 16])
    #expect(results[0].shape == (window.roundsUp ? [1, 1, 3, 4] : [1, 1, 2, 4]))
  }

  @Test func placesAreReadAsPositions() throws {
    let graph = Graph()
    let image = graph.input("x", shape: [1, 1, 2, 4])
    let program = Workspace<Float>(threads: 1, seed: 0).load(
      try graph.compile(["places": image.maxPooledWithIndices(PoolingWindow(2)).indices]))
    program.set("x", to: [1, 2, 3, 9, 4, 3, 8, 7] as [Float])
    program.run(step: 0)
    #expect(program[indices: "places"] == TensorValue(shape: [1, 1, 1, 2], scalars: [4, 3]))
  }

  @Test func globalPoolingsLeaveChannels() throws {
    let images = numbers([2, 3, 4, 5])
    let results: [TensorValue<Double>] = try evaluate([images]) {
      [$0[0].globalMaxPooled(), $0[0].globalAveragePooled()]
    }
    let channels = (0..<6).map { Array(images.scalars[$0 * 20..<($0 + 1) * 20]) }
    #expect(results[0] == TensorValue(shape: [2, 3], scalars: channels.map { $0.max() ?? 0 }))
    let means = TensorValue(shape: [2, 3], scalars: channels.map { $0.reduce(0, +) / 20 })
    #expect(results[1].distance(to: means) <= 1e-14)
  }

  /// Positions that are no pixel's are left out.
  @Test func unpoolingLeavesOutWhatIsNowhere() throws {
    let values = TensorValue<Double>(shape: [1, 1, 4], scalars: [1, 2, 3, 4])
    let places = TensorValue<Double>(shape: [1, 1, 4], scalars: [2, -1, 3, 2])
    let result: TensorValue<Double> = try evaluate([values, places]) {
      [$0[0].maxUnpooled(to: [3], at: $0[1].index())]
    }[0]
    #expect(result.scalars == [0, 0, 5])
  }
}
