import FileFormats
import NeuralNetworks
import Testing

/// A function of a few numbers with its gradient.
private struct Landscape: Sendable {
  let start: [Float]
  let objective: @Sendable ([Float]) throws -> (loss: Double, gradient: [Float])

  /// Σ 100 (x[i+1] - x[i]²)² + (1 - x[i])²; lowest, 0, at ones.
  static let rosenbrock = Landscape(start: [-1.2, 1, -0.5, 0.8]) { point in
    let x = point.map { Double($0) }
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: x.count))
    for place in 0..<x.count - 1 {
      let (bend, away) = (x[place + 1] - x[place] * x[place], 1 - x[place])
      loss += 100 * bend * bend + away * away
      gradient[place] -= 400 * bend * x[place] + 2 * away
      gradient[place + 1] += 200 * bend
    }
    return (loss, gradient.map { Float($0) })
  }

  /// A quadratic whose axes are not the coordinates'; lowest, 0, at `centre`.
  static let bowl = Landscape(start: [-2, 0.5, 1, 7, -3]) { point in
    let away = zip(point, centre).map { Double($0) - $1 }
    let sum = away.reduce(0, +)
    let loss = zip(away, [4, 1, 2, 0.5, 3]).reduce(0) { $0 + 0.5 * $1.1 * $1.0 * $1.0 }
    return (
      loss + 0.1 * sum * sum,
      zip(away, [4, 1, 2, 0.5, 3]).map { Float($1 * $0 + 0.2 * sum) }
    )
  }

  static let centre = [3, -1, 0.5, 0, 2]
}

/// An optimiser, and the name of the places that PyTorch's visits.
private struct IterateSample: Sendable, CustomStringConvertible {
  let description: String
  let landscape: Landscape
  var learningRate = 1.0
  var historySize = 100
  var lineSearch = LBFGS.LineSearch.strongWolfe()

  var optimizer: LBFGS {
    LBFGS(
      from: landscape.start, learningRate: learningRate, historySize: historySize,
      lineSearch: lineSearch)
  }
}

private struct Interruption: Error {}

@Suite struct LBFGSTests {
  private static let samples = [
    IterateSample(description: "rosenbrock.strongWolfe", landscape: .rosenbrock),
    IterateSample(
      description: "rosenbrock.strongWolfe.3", landscape: .rosenbrock, learningRate: 0.5,
      historySize: 3),
    IterateSample(
      description: "rosenbrock.none", landscape: .rosenbrock, learningRate: 0.05,
      lineSearch: .none),
    IterateSample(description: "bowl.strongWolfe", landscape: .bowl),
    IterateSample(
      description: "bowl.none", landscape: .bowl, learningRate: 0.3, historySize: 4,
      lineSearch: .none),
  ]

  /// Places are single-precision numbers, PyTorch's were double: the difference grows along the
  /// valley.
  @Test(arguments: samples)
  private func visitsThePlacesOfPyTorch(sample: IterateSample) throws {
    let (shape, expected) = try Fixtures("lbfgs").array(sample.description)
    var optimizer = sample.optimizer
    for step in 0..<shape[0] {
      let row = Array(expected[step * shape[1]..<(step + 1) * shape[1]])
      #expect(largestError(optimizer.point, row) < 1e-5, "at step \(step)")
      _ = try optimizer.step(sample.landscape.objective)
    }
  }

  @Test func endsWhereTheFunctionIsLowest() throws {
    var valley = LBFGS(from: Landscape.rosenbrock.start)
    var outcome = LBFGS.Outcome.moved
    while outcome == .moved && valley.steps < 200 {
      outcome = try valley.step(Landscape.rosenbrock.objective)
    }
    #expect(outcome != .moved)
    #expect(valley.steps < 60)
    #expect(largestError(valley.point, [1, 1, 1, 1]) < 1e-3)
    #expect(try #require(valley.loss) < 1e-8)
  }

  @Test func saysWhenNothingIsLeftToDo() throws {
    var optimizer = LBFGS(from: Landscape.centre.map { Float($0) })
    #expect(try optimizer.step(Landscape.bowl.objective) == .flat)
    #expect(optimizer.point == Landscape.centre.map { Float($0) })
    #expect(optimizer.evaluations == 1)
    #expect(optimizer.steps == 0)
  }

  /// The function is not finite left of 0, where the first trial leads.
  @Test func comesBackFromWhereTheFunctionIsNotFinite() throws {
    func barrier(_ point: [Float]) -> (Double, [Float]) {
      let x = Double(point[0])
      return x > 0 ? (x * x + 0.01 / x, [Float(2 * x - 0.01 / (x * x))]) : (.nan, [.nan])
    }
    var optimizer = LBFGS(from: [0.5], learningRate: 3)
    #expect(optimizer.step(barrier) == .moved)
    #expect(optimizer.evaluations > 2)
    #expect(optimizer.point[0] > 0)
    #expect(try #require(optimizer.loss) < barrier([0.5]).0)
  }

  @Test(arguments: [(Double.nan, Float(1)), (1, .nan), (.infinity, 1)])
  func staysWhereItIsWhenNothingIsKnown(loss: Double, slope: Float) throws {
    var optimizer = LBFGS(from: [1, 2])
    #expect(optimizer.step { _ in (loss, [slope, 1]) } == .stuck)
    #expect(optimizer.point == [1, 2])
  }

  @Test func isLeftAloneByAnErrorOfTheFunction() throws {
    var optimizer = LBFGS(from: Landscape.bowl.start)
    _ = try optimizer.step(Landscape.bowl.objective)
    let before = optimizer.records(at: "")
    #expect(throws: Interruption.self) { try optimizer.step { _ in throw Interruption() } }
    #expect(optimizer.records(at: "") == before)
  }

  // MARK: Records

  /// Interrupted after any step, it ends with the same bits.
  @Test(arguments: samples, [0, 1, 5])
  private func goesOnWithTheSameBits(sample: IterateSample, interruption: Int) throws {
    var whole = sample.optimizer
    var halved = sample.optimizer
    for step in 0..<9 {
      if step == interruption {
        let file = SafeTensors.encode(halved.records(at: "image"))
        halved = sample.optimizer
        try halved.restore(SafeTensors.decode(file, path: "state").records, at: "image")
      }
      _ = try whole.step(sample.landscape.objective)
      _ = try halved.step(sample.landscape.objective)
    }
    #expect(halved.records(at: "") == whole.records(at: ""))
    #expect(halved.evaluations == whole.evaluations)
  }

  private static let damages: [(name: String, values: [Float], problem: String)] = [
    ("point", [1, 2], "holds 2 numbers, expected 5"),
    ("gradient", [], "holds 0 numbers, expected 5"),
    ("history.steps", [1, 2, 3], "holds 3 numbers, expected up to 100 rows of 5"),
    ("history.changes", [1], "holds 1 numbers, expected 10"),
    ("loss", [1], "holds F32 numbers, expected F64"),
    ("counters", [1, 2], "holds F32 numbers, expected I64"),
  ]

  @Test(arguments: damages)
  func refusesRecordsOfAnother(name: String, values: [Float], problem: String) throws {
    var optimizer = LBFGS(from: Landscape.bowl.start)
    for _ in 0..<2 { _ = try optimizer.step(Landscape.bowl.objective) }
    let records = optimizer.records(at: "image")
    // As many changes as steps are asked for, before rows are counted.
    let damaged = records.map { record in
      record.name == "image.\(name)"
        || (name == "history.steps" && record.name == "image.history.changes")
        ? TensorRecord(name: record.name, values: values) : record
    }
    let error = #expect(throws: WeightError.self) {
      try optimizer.restore(damaged, at: "image")
    }
    #expect(error?.description == "tensor 'image.\(name)': \(problem)")
    #expect(optimizer.records(at: "image") == records)
  }

  @Test func refusesRecordsThatAreMissing() throws {
    var optimizer = LBFGS(from: [1])
    #expect(throws: WeightError.self) { try optimizer.restore([], at: "image") }
  }

  /// Lanes that are full, and such that are not.
  @Test(arguments: [1, 7, 8, 9, 1001])
  func suitsAnyLength(count: Int) throws {
    let curvatures = (0..<count).map { Float($0 % 3 + 1) }
    var optimizer = LBFGS(from: [Float](repeating: 4, count: count))
    for _ in 0..<20 {
      _ = optimizer.step { point in
        let gradient = zip(point, curvatures).map { $0 * $1 }
        return (zip(point, gradient).reduce(0) { $0 + Double($1.0 * $1.1) / 2 }, gradient)
      }
    }
    #expect(optimizer.point.count == count)
    #expect(optimizer.point.allSatisfy { $0.magnitude < 1e-5 })
  }
}
