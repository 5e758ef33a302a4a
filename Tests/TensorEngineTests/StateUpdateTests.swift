import TensorEngine
import Testing

/// Updates read the old values of all states and write the new ones, wherever they are computed.
@Suite struct StateUpdateTests {
  /// States after some runs, and the last run's outputs, with updates in place and without.
  private func bothWays(
    runs: Int = 3, trace: (Graph) -> [String: Tensor]
  ) throws -> [(states: [[Float]], outputs: [[Float]])] {
    try [true, false].map { updatesInPlace in
      let graph = Graph()
      let outputs = trace(graph)
      var options = CompileOptions()
      options.updatesInPlace = updatesInPlace
      let workspace = Workspace<Float>(threads: 2, seed: 0)
      let program = workspace.load(try graph.compile(outputs, options: options))
      for step in 0..<runs {
        if program.program.inputNames.contains("x") { program.set("x", to: [0.5, 1, -2]) }
        program.run(step: step)
      }
      return (
        workspace.stateNames.map { workspace[state: $0].scalars },
        outputs.keys.sorted().map { program[$0].scalars }
      )
    }
  }

  private func state(_ graph: Graph, _ name: String, _ scalars: [Float]) -> Tensor {
    graph.state(name, initial: TensorValue(shape: [scalars.count], scalars: scalars))
  }

  @Test func adamInPlaceEqualsAdamByCopies() throws {
    func trace(_ graph: Graph) -> [String: Tensor] {
      let weight = graph.state("w", initial: TensorValue(repeating: 0.3, shape: [40, 50]))
      let first = graph.state("m", initial: TensorValue(repeating: 0, shape: [40, 50]))
      let second = graph.state("v", initial: TensorValue(repeating: 0, shape: [40, 50]))
      let time = graph.state("t", initial: TensorValue(repeating: 0, shape: []))
      let x = graph.randomNormal([30, 40], stream: "x")
      let loss = (x.matmul(weight).tanh() - 0.2).square().mean()
      let gradient = graph.gradients(of: loss, withRespectTo: [weight])[0]
      let next = time + 1
      let m = first * 0.9 + gradient * 0.1
      let v = second * 0.999 + gradient.square() * 0.001
      let one = graph.constant(1)
      let step = (m / (1 - graph.constant(0.9).pow(next))) * (one * 0.01)
      graph.update(weight, to: weight - step / ((v / (1 - 0.999 * one)).sqrt() + 1e-8))
      graph.update(first, to: m)
      graph.update(second, to: v)
      graph.update(time, to: next)
      return ["loss": loss]
    }
    let results = try bothWays(runs: 5, trace: trace)
    #expect(results[0].states == results[1].states)
    #expect(results[0].outputs == results[1].outputs)
    #expect(results[0].states[1] == [5])
    #expect(results[0].states[3].allSatisfy { $0.isFinite })

    let graph = Graph()
    let outputs = trace(graph)
    let program: Program<Float> = try graph.compile(outputs)
    #expect(!program.description.contains("copy("), "every state of Adam is updated in place")
  }

  @Test func statesThatSwapAndRotate() throws {
    let results = try bothWays(runs: 3) { graph in
      let (a, b) = (state(graph, "a", [1, 2]), state(graph, "b", [3, 4]))
      let ring = (0..<3).map { state(graph, "ring\($0)", [Float($0)]) }
      graph.update(a, to: b)
      graph.update(b, to: a)
      for index in 0..<3 { graph.update(ring[index], to: ring[(index + 1) % 3] + 10) }
      return [:]
    }
    for result in results {
      #expect(result.states == [[3, 4], [1, 2], [30], [31], [32]])
    }
  }

  @Test func aStateThatIsReadAfterItsNewValueIsKnown() throws {
    let results = try bothWays(runs: 2) { graph in
      let a = state(graph, "a", [1, 2, 3])
      let new = a * 2
      graph.update(a, to: new)
      // Reads the old value and the new one, in a kernel of its own.
      return ["y": new.sum() * a.sum(), "z": a.reshaped(to: [3, 1]).transposed() + new.sum()]
    }
    for result in results {
      #expect(result.states == [[4, 8, 12]])
      #expect(result.outputs == [[24 * 12], [26, 28, 30]])
    }
  }

  @Test func outputsOfOldAndNewValues() throws {
    let results = try bothWays(runs: 2) { graph in
      let a = state(graph, "a", [1, 2, 3])
      let new = a + 1
      graph.update(a, to: new)
      return ["new": new, "old": a, "oldView": a.reshaped(to: [3, 1]), "same": a.stopGradient()]
    }
    for result in results {
      #expect(result.states == [[3, 4, 5]])
      #expect(result.outputs == [[3, 4, 5], [2, 3, 4], [2, 3, 4], [2, 3, 4]])
    }
  }

  @Test func newValuesThatAreViewsConstantsInputsOrShared() throws {
    let results = try bothWays(runs: 2) { graph in
      let x = graph.input("x", shape: [3])
      let names = ["constant", "input", "itself", "shared1", "shared2", "view"]
      let states = names.map { state(graph, $0, [7, 8, 9]) }
      graph.update(states[0], to: graph.constant([1, 2, 3], shape: [3]))
      graph.update(states[1], to: x)
      graph.update(states[2], to: states[2].stopGradient())
      let shared = x + states[3]
      graph.update(states[3], to: shared)
      graph.update(states[4], to: shared)
      graph.update(states[5], to: (states[5].reshaped(to: [3, 1]) * 2).reshaped(to: [3]))
      return ["x": x]
    }
    for result in results {
      #expect(
        result.states == [
          [1, 2, 3], [0.5, 1, -2], [7, 8, 9], [8, 10, 5], [8, 10, 5], [28, 32, 36],
        ])
      #expect(result.outputs == [[0.5, 1, -2]])
    }
  }

  /// A kernel that reads a state at places other than the one it writes cannot write over it.
  @Test func newValuesThatMixPlaces() throws {
    let results = try bothWays(runs: 1) { graph in
      let square = graph.state("a", initial: TensorValue(shape: [2, 2], scalars: [1, 2, 3, 4]))
      let product = graph.state("b", initial: TensorValue(shape: [2, 2], scalars: [1, 2, 3, 4]))
      let turned = graph.state("c", initial: TensorValue(shape: [2, 2], scalars: [1, 2, 3, 4]))
      let both = graph.state("d", initial: TensorValue(shape: [1, 4], scalars: [1, 2, 3, 4]))
      graph.update(square, to: square + square.transposed())
      graph.update(product, to: product.matmul(product))
      graph.update(turned, to: turned.transposed())
      let column = both.reshaped(to: [4, 1])
      graph.update(both, to: (both * column).sum(axes: [0], keepsAxes: true))
      return [:]
    }
    for result in results {
      #expect(
        result.states == [[2, 5, 5, 8], [7, 10, 15, 22], [1, 3, 2, 4], [10, 20, 30, 40]])
    }
  }

  @Test func theLastUpdateOfAStateCounts() throws {
    let results = try bothWays(runs: 1) { graph in
      let a = state(graph, "a", [1])
      graph.update(a, to: a + 1)
      graph.update(a, to: a + 5)
      return [:]
    }
    for result in results { #expect(result.states == [[6]]) }
  }

  @Test func programsOfOneWorkspaceShareStates() throws {
    let counting = Graph()
    let count = state(counting, "count", [0])
    counting.update(count, to: count + 1)
    let reading = Graph()
    let large = reading.randomUniform([100_000], stream: "u").sum() * 0
    let outputs = ["doubled": state(reading, "count", [0]) * 2 + large]
    let workspace = Workspace<Double>(threads: 1, seed: 0)
    let counter = workspace.load(
      try counting.compile(["next": count + 1], as: Double.self))
    for step in 0..<3 { counter.run(step: step) }
    // Loading a program that needs more memory keeps what the last run gave.
    let reader = workspace.load(try reading.compile(outputs, as: Double.self))
    #expect(counter["next"].scalars == [3])
    reader.run(step: 0)
    #expect(reader["doubled"].scalars == [6])
    workspace[state: "count"] = TensorValue(shape: [1], scalars: [10])
    counter.run(step: 0)
    #expect(workspace[state: "count"].scalars == [11])
    #expect(workspace.shape(ofState: "count") == [1])
    #expect(workspace.shape(ofState: "nothing") == nil)
  }

  @Test func aTriedUpdateIsSeenAndDifferentiatedButNotMade() throws {
    let graph = Graph()
    let w = state(graph, "w", [2, -1, 3])
    let tried = graph.trying {
      for _ in 0..<2 {
        let now = state(graph, "w", [2, -1, 3])
        graph.update(now, to: now * 0.5)
      }
      return state(graph, "w", [2, -1, 3]).square().sum()
    }
    #expect(state(graph, "w", [2, -1, 3]).square().shape == [3])
    let gradient = graph.gradients(of: tried, withRespectTo: [w])[0]
    let workspace = Workspace<Float>(threads: 1, seed: 0)
    let program = workspace.load(
      try graph.compile(["tried": tried, "gradient": gradient, "now": w + 0]))
    program.run(step: 0)
    #expect(program["tried"].scalars == [14.0 / 16])
    #expect(program["gradient"].scalars == [0.25, -0.125, 0.375])
    #expect(workspace[state: "w"].scalars == [2, -1, 3])
    #expect(program.program.updatedStates.isEmpty)
  }

  @Test func updatesCanWaitForACondition() throws {
    let graph = Graph()
    let (w, count) = (state(graph, "w", [1]), state(graph, "count", [0]))
    graph.update(count, to: count + 1)
    graph.updating(where: count.isEqual(to: graph.constant(1)).sum()) {
      graph.update(w, to: w * 3)
    }
    let workspace = Workspace<Float>(threads: 1, seed: 0)
    let program = workspace.load(try graph.compile([:]))
    let seen = (0..<3).map { step in
      program.run(step: step)
      return workspace[state: "w"].scalars[0]
    }
    #expect(seen == [1, 3, 3])
  }
}
