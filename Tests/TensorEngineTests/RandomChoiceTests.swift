import TensorEngine
import Testing

/// Draws of positions: a function of seed, stream and step, with the probabilities asked for.
@Suite struct RandomChoiceTests {
  private func draw(
    seed: UInt64 = 1, step: Int = 1, threads: Int = 1, _ trace: (Graph) -> Tensor
  ) throws -> [Int32] {
    let graph = Graph()
    let program = Workspace<Float>(threads: threads, seed: seed).load(
      try graph.compile(["y": trace(graph)]))
    program.run(step: step)
    return program[indices: "y"].scalars
  }

  @Test(arguments: [0, 1, 2, 1000, 100_000])
  func permutationsHoldEveryPositionOnce(count: Int) throws {
    let order = try draw { $0.randomPermutation(count, stream: "order") }
    #expect(order.sorted() == Array(0..<Int32(count)))
    #expect(try draw(threads: 3) { $0.randomPermutation(count, stream: "order") } == order)
    guard count >= 1000 else { return }
    #expect(try draw(step: 2) { $0.randomPermutation(count, stream: "order") } != order)
    #expect(try draw(seed: 2) { $0.randomPermutation(count, stream: "order") } != order)
    #expect(try draw { $0.randomPermutation(count, stream: "other") } != order)
  }

  /// Each of 24 orders of four comes up as often as the others, within five standard deviations.
  @Test func allOrdersAreEquallyLikely() throws {
    let graph = Graph()
    let program = Workspace<Float>(threads: 1, seed: 3).load(
      try graph.compile(["y": graph.randomPermutation(4, stream: "order")]))
    var counts: [[Int32]: Int] = [:]
    for step in 0..<24_000 {
      program.run(step: step)
      counts[program[indices: "y"].scalars, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1000) <= 155 })
  }

  /// Shares of 100 000 draws are within five standard deviations of the probabilities, and what has
  /// none is never drawn.
  @Test func categoriesComeUpWithTheirProbabilities() throws {
    let probabilities = [0.5, 0.25, 0, 0.2, 0.05]
    let rows = 100_000
    let trace = { (graph: Graph) -> Tensor in
      // Logits are probabilities' logarithms but for a constant.
      let logits = graph.constant(probabilities, shape: [5]).log() + 3
      return graph.randomCategorical(logits: logits.broadcast(to: [rows, 5]), stream: "class")
    }
    let draws = try draw(trace)
    #expect(draws.count == rows)
    for (index, probability) in probabilities.enumerated() {
      let share = Double(draws.count { $0 == Int32(index) }) / Double(rows)
      let deviation = (probability * (1 - probability) / Double(rows)).squareRoot()
      #expect(abs(share - probability) <= 5 * deviation, "category \(index): \(share)")
    }
    #expect(try draw(threads: 2, trace) == draws)
    #expect(try draw(step: 5, trace) != draws)
  }
}
