import AdversarialNetworks
import TensorEngine
import Testing

/// The gradient of a slope penalty is a product of the score's second derivatives with a vector,
/// which differences of its first derivatives give as well.
struct SlopePenaltyTests {
  private static let rows = 3
  private static let inputs = 4
  private static let hidden = 5

  /// A score tanh(x · W) · v, smooth everywhere.
  private static func score(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let last = x.graph.constant((0..<hidden).map { 0.7 - 0.3 * Double($0) }, shape: [hidden, 1])
    return x.matmul(weight).tanh().matmul(last).flattened(from: 0)
  }

  private static let weight = TensorValue<Float>(
    shape: [inputs, hidden],
    scalars: (0..<inputs * hidden).map { Float($0 * 37 % 23) / 16 - 0.7 })
  private static let samples = (0..<rows * inputs).map { Double($0 * 29 % 17) / 8 - 1 }

  /// ∂(Σ scores)/∂W and ∂(Σ scores)/∂x at some places.
  private static func slopes(at places: [Double]) throws -> (weight: [Double], x: [Double]) {
    let graph = Graph()
    let x = graph.input("x", shape: [rows, inputs])
    let state = graph.state("weight", initial: weight)
    let gradients = graph.gradients(of: score(x, state).sum(), withRespectTo: [state, x])
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["weight": gradients[0], "x": gradients[1]], as: Double.self))
    program.set("x", to: places)
    program.run(step: 0)
    return (program["weight"].scalars, program["x"].scalars)
  }

  @Test(arguments: [SlopePenalty.between, .atReal, .atFake])
  func itsGradientIsAProductWithTheHessian(penalty: SlopePenalty) throws {
    let graph = Graph()
    let x = graph.input("x", shape: [Self.rows, Self.inputs])
    let state = graph.state("weight", initial: Self.weight)
    // Between a sample and itself there is only one place.
    let value = try #require(penalty(real: x, fake: x) { Self.score($0, state) })
    let gradient = graph.gradients(of: value, withRespectTo: [state])[0]
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["gradient": gradient], as: Double.self))
    program.set("x", to: Self.samples)
    program.run(step: 0)
    let found = program["gradient"].scalars

    // d penalty / dW = Σ ∂/∂x(∂s/∂W) · v with v = ∂ penalty / ∂ slope.
    let slope = try Self.slopes(at: Self.samples).x
    var direction: [Double] = []
    for row in 0..<Self.rows {
      let part = slope[row * Self.inputs..<(row + 1) * Self.inputs]
      let length = part.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let factor = penalty == .between ? 2 * (length - 1) / length : 1
      direction += part.map { factor * $0 / Double(Self.rows) }
    }
    let step = 1e-5
    func moved(_ sign: Double) -> [Double] {
      zip(Self.samples, direction).map { $0 + sign * step * $1 }
    }
    let (above, below) = (
      try Self.slopes(at: moved(1)).weight, try Self.slopes(at: moved(-1)).weight
    )
    let expected = zip(above, below).map { ($0 - $1) / (2 * step) }
    let scale: Double = expected.map { abs($0) }.max() ?? 0
    #expect(scale > 1e-3)
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      let difference: Double = abs(found - expected)
      #expect(difference <= 1e-6 * scale)
    }
  }

  /// The places that a penalty asks the scores of, and the samples they come from.
  private func places(
    of penalty: SlopePenalty, real: [Double], fake: [Double]
  ) throws -> [Double] {
    let graph = Graph()
    let shape: Shape = [2, real.count / 2]
    let (first, second) = (graph.input("real", shape: shape), graph.input("fake", shape: shape))
    var asked: Tensor?
    let value = try #require(
      penalty(real: first, fake: second) { places in
        asked = places
        return places.square().sum(axes: [1])
      })
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["value": value, "places": try #require(asked)], as: Double.self))
    program.set("real", to: real)
    program.set("fake", to: fake)
    program.run(step: 0)
    return program["places"].scalars
  }

  @Test func placesBetweenLieOnTheWayFromFakeToReal() throws {
    let (real, fake) = ([1.0, 2, 3, -4, -5, -6], [0.0, 1, 0, 4, 5, -2])
    let places = try places(of: .between, real: real, fake: fake)
    var shares: [Double] = []
    for row in 0..<2 {
      let inRow = (row * 3..<row * 3 + 3).map { (places[$0] - fake[$0]) / (real[$0] - fake[$0]) }
      for share in inRow { #expect(abs(share - inRow[0]) < 1e-6) }
      #expect((0..<1).contains(inRow[0]))
      shares.append(inRow[0])
    }
    #expect(abs(shares[0] - shares[1]) > 1e-3)
  }

  @Test func placesAroundAreNoFartherThanHalfADeviation() throws {
    let real = [1.0, 2, 3, -4, -5, -6]
    let mean = real.reduce(0, +) / 6
    let deviation = (real.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6).squareRoot()
    let places = try places(of: .aroundReal, real: real, fake: real)
    for (place, real) in zip(places, real) {
      #expect(place > real && place < real + 0.5 * deviation * 1.0001)
    }
  }

  @Test func aroundRealItIsNoughtForASlopeOfOne() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [2, 2])
    let value = try #require(
      SlopePenalty.aroundReal(real: x, fake: x) { ($0 * 0.5.squareRoot()).sum(axes: [1]) })
    let program = Workspace<Double>(threads: 1, seed: 0).load(
      try graph.compile(["value": value], as: Double.self))
    program.set("x", to: [1, 2, -1, 0.5])
    program.run(step: 0)
    #expect(abs(program["value"].scalars[0]) < 1e-10)
  }
}
