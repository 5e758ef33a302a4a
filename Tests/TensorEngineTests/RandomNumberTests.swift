import Randomness
import TensorEngine
import Testing

/// Random numbers are a function of seed, stream, step and place, and of nothing else.
@Suite struct RandomNumberTests {
  private func draw<Scalar: KernelScalar>(
    _ count: Int, stream: String = "noise", seed: UInt64 = 1, step: Int = 1,
    isNormal: Bool = false, threads: Int = 1, as: Scalar.Type = Float.self
  ) throws -> [Scalar] {
    let graph = Graph()
    let numbers =
      isNormal
      ? graph.randomNormal([count], stream: stream) : graph.randomUniform([count], stream: stream)
    let workspace = Workspace<Scalar>(threads: threads, seed: seed)
    let program = workspace.load(try graph.compile(["y": numbers], as: Scalar.self))
    program.run(step: step)
    return program["y"].scalars
  }

  @Test(arguments: [false, true])
  func theSameKeyGivesTheSameNumbers(isNormal: Bool) throws {
    let reference = try draw(1000, isNormal: isNormal)
    #expect(try draw(1000, isNormal: isNormal) == reference)
    #expect(try draw(1000, stream: "other", isNormal: isNormal) != reference)
    #expect(try draw(1000, seed: 2, isNormal: isNormal) != reference)
    #expect(try draw(1000, step: 2, isNormal: isNormal) != reference)
    #expect(try draw(1000, step: 1 << 40, isNormal: isNormal) != reference)
  }

  @Test(arguments: [false, true])
  func numbersDependOnTheirPlaceAlone(isNormal: Bool) throws {
    let reference = try draw(50_001, isNormal: isNormal)
    #expect(try draw(101, isNormal: isNormal) == Array(reference[..<101]))
    for threads in 2...3 {
      #expect(try draw(50_001, isNormal: isNormal, threads: threads) == reference)
    }
  }

  @Test func uniformNumbersAreThoseOfTheNamedStream() throws {
    var stream = RandomStream(seed: 1, name: "noise", index: 1)
    let expected = (0..<100).map { _ in stream.uniform() }
    #expect(try draw(100) == expected)
  }

  @Test func floatAgreesWithDouble() throws {
    let uniform = zip(try draw(10_000, as: Float.self), try draw(10_000, as: Double.self))
    #expect(uniform.allSatisfy { (Double($0) - $1).magnitude <= 0x1p-23 })
    let normal = zip(
      try draw(10_001, isNormal: true, as: Float.self),
      try draw(10_001, isNormal: true, as: Double.self))
    #expect(normal.allSatisfy { (Double($0) - $1).magnitude <= 1e-5 * max(1, $1.magnitude) })
  }

  /// Bounds are five standard errors of 400 000 draws.
  @Test func momentsAreThoseOfTheDistributions() throws {
    let count = 400_000
    func moments(_ x: [Double]) -> [Double] {
      let mean = x.reduce(0, +) / Double(count)
      return [mean]
        + [2.0, 3, 4].map { power in
          x.reduce(0) { sum, value in
            let d = value - mean
            return sum + (power == 2 ? d * d : power == 3 ? d * d * d : d * d * d * d)
          } / Double(count)
        }
    }
    let uniform = try draw(count, as: Double.self)
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    for (measured, (expected, bound)) in zip(
      moments(uniform), [(0.5, 0.0023), (1.0 / 12, 0.0006), (0, 0.0004), (1.0 / 80, 0.0002)])
    {
      #expect((measured - expected).magnitude <= bound)
    }
    let normal = try draw(count, isNormal: true, as: Double.self)
    for (measured, (expected, bound)) in zip(
      moments(normal), [(0, 0.008), (1.0, 0.012), (0, 0.031), (3.0, 0.078)])
    {
      #expect((measured - expected).magnitude <= bound)
    }
    let neighbours = zip(normal, normal.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect((neighbours / Double(count)).magnitude <= 0.008)
  }

  /// A stream drawn from twice gives other numbers, also where a name looks like a second draw.
  @Test func drawsOfOneGraphDiffer() throws {
    let graph = Graph()
    let names = ["a", "a", "a#1", "a", "b"]
    let draws = names.map { graph.randomUniform([20], stream: $0) }
    let outputs = Dictionary(uniqueKeysWithValues: draws.enumerated().map { ("\($0)", $1) })
    let program = Workspace<Float>(threads: 1, seed: 0).load(try graph.compile(outputs))
    program.run(step: 0)
    #expect(Set(names.indices.map { program["\($0)"].scalars }).count == names.count)
  }

  @Test(arguments: [0, 0.2, 1])
  func bernoulliNumbersAreZeroOrOne(probability: Double) throws {
    let graph = Graph()
    let draws = graph.randomBernoulli([100_000], probability: probability, stream: "mask")
    let program = Workspace<Float>(threads: 1, seed: 0).load(try graph.compile(["y": draws]))
    program.run(step: 0)
    let scalars = program["y"].scalars
    #expect(scalars.allSatisfy { $0 == 0 || $0 == 1 })
    let share = Double(scalars.reduce(0, +)) / 100_000
    #expect((share - probability).magnitude <= (probability == 0.2 ? 0.0064 : 0))
  }
}
