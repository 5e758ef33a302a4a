import TensorEngine
import TensorEngineChecks
import Testing

/// Gradients of one's own, and segments that the reverse pass computes again.
@Suite struct GradientControlTests {
  private func gradient(
    at scalars: [Double], _ function: (Tensor) -> Tensor
  ) throws -> [Double] {
    let x = TensorValue<Double>(shape: [scalars.count], scalars: scalars)
    let results: [TensorValue<Double>] = try evaluate([x]) {
      $0[0].graph.gradients(of: function($0[0]).sum(), withRespectTo: $0)
    }
    return results[0].scalars
  }

  /// The layer of domain-adversarial training (Ganin and Lempitsky, "Unsupervised domain adaptation
  /// by backpropagation", 2015).
  @Test func aGradientIsReversed() throws {
    func reversed(_ x: Tensor) -> Tensor { x.withGradient(of: [x]) { [-0.5 * $0.cotangent] } }
    #expect(try gradient(at: [1, -2]) { reversed($0).square() } == [-1, 2])
    #expect(try gradient(at: [1, -2]) { reversed($0) * $0 } == [0.5, -1])
    #expect(try reversed(Graph().constant([3, 4], shape: [2])).value.scalars == [3, 4])
  }

  @Test func roundingIsPassedThrough() throws {
    let result = try gradient(at: [0.4, 1.7]) { $0.square().round().straightThrough(to: $0) * 3 }
    #expect(result == [3, 3])
  }

  /// A rule is handed operands that it gives no cotangent, and can be differentiated again.
  @Test func rulesSeeTheirOperands() throws {
    let operands = [numbers([4], "x", in: 0.5...1), numbers([4], "y", in: 0.5...1)]
    let power: ([Tensor]) -> Tensor = { x in
      (x[0].log() * x[1]).exp().stopGradient().withGradient(of: x) {
        let (base, exponent) = ($0.inputs[0], $0.inputs[1])
        return [
          $0.cotangent * exponent * base.pow(exponent - 1), $0.cotangent * $0.output * base.log(),
        ]
      }
    }
    for order in 1...2 {
      let outcome = try GradientCheck.run(at: operands, order: order, of: power)
      #expect(outcome.largestError <= 1e-6)
      #expect(outcome.compared == 8)
    }
    let partial = try gradient(at: [2]) { x in
      (x * x).withGradient(of: [x, x.exp()]) { [$0.cotangent * $0.inputs[1], nil] }
    }
    #expect((partial[0] - 7.38905609893065).magnitude <= 1e-14)
  }

  /// What only a rule needs is no part of a program that does not use the rule.
  @Test func rulesCostNothingForward() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [8])
    let unread = graph.input("unread", shape: [8]).exp()
    let y = (x + 1).withGradient(of: [x, unread]) { [$0.cotangent * $0.inputs[1], nil] }.square()
    let forward: Program<Float> = try graph.compile(["y": y])
    #expect(forward.inputNames == ["x"])
    #expect(forward.stepCount == 1)
    let gradient = graph.gradients(of: y.sum(), withRespectTo: [x])[0]
    let both: Program<Float> = try graph.compile(["y": y, "g": gradient])
    #expect(both.inputNames == ["unread", "x"])
  }

  @Test func wrongCotangentsAreRefused() throws {
    let graph = Graph()
    let x = graph.constant([1, 2], shape: [2])
    let y = x.withGradient(of: [x]) { [$0.cotangent.sum()] }
    let gradient = graph.gradients(of: y.sum(), withRespectTo: [x])[0]
    let error = #expect(throws: ShapeError.self) { try gradient.value }
    #expect(error?.operation == "customGradient")
    #expect(error?.problem.contains("[2]") == true)
  }

  // MARK: Checkpoints

  /// The gradients of a deep chain of layers, cut in segments of so many layers; none when 0.
  private func chain(
    _ depth: Int, perSegment: Int, options: CompileOptions = .init()
  ) throws -> (results: [TensorValue<Float>], program: Program<Float>) {
    let graph = Graph()
    let width = 32
    let weights = (0..<depth).map { layer in
      let values = numbers([width, width], "weight \(layer)", in: -0.2...0.2).scalars
      return graph.state(
        "w\(layer)",
        initial: TensorValue(shape: [width, width], scalars: values.map { Float($0) }))
    }
    let x = graph.input("x", shape: [64, width])
    var y = x
    for first in stride(from: 0, to: depth, by: max(1, perSegment)) {
      let layers = weights[first..<min(depth, first + max(1, perSegment))]
      let segment = { layers.reduce(y) { ($0.matmul($1) + 0.1).tanh() } }
      y = perSegment > 0 ? graph.checkpointed(segment) : segment()
    }
    let gradients = graph.gradients(of: y.square().mean(), withRespectTo: weights + [x])
    var outputs = ["y": y]
    for (index, gradient) in gradients.enumerated() { outputs["g\(index)"] = gradient }
    let program: Program<Float> = try graph.compile(outputs, options: options)
    let loaded = Workspace<Float>(threads: 2, seed: 0).load(program)
    loaded.set("x", to: numbers([64, width], "x").scalars.map { Float($0) })
    loaded.run(step: 0)
    return (outputs.keys.sorted().map { loaded[$0] }, program)
  }

  /// The same bits, with clearly less memory and about one forward pass more.
  @Test(arguments: [1, 4, 6, 24])
  func checkpointsTradeMemoryForTime(perSegment: Int) throws {
    let plain = try chain(24, perSegment: 0)
    let checkpointed = try chain(24, perSegment: perSegment)
    #expect(checkpointed.results == plain.results)
    #expect(checkpointed.program.work <= plain.program.work * 4 / 3 + plain.program.work / 20)
    let activation = 64 * 32 * 4
    if perSegment == 4 || perSegment == 6 {
      #expect(checkpointed.program.work > plain.program.work)
      #expect(checkpointed.program.arenaBytes <= plain.program.arenaBytes - 8 * activation)
    }
  }

  @Test func checkpointsWithoutRewrites() throws {
    var options = CompileOptions()
    options.foldsConstants = false
    options.fusesElementwise = false
    options.reusesMemory = false
    options.updatesInPlace = false
    let plain = try chain(5, perSegment: 0)
    #expect(try chain(5, perSegment: 2, options: options).results == plain.results)
  }

  /// A gradient of a gradient through segments, one of them inside another.
  @Test func checkpointsAreDifferentiatedTwice() throws {
    let operands = [numbers([3, 4], "x"), numbers([4, 4], "w")]
    for order in 1...2 {
      let outcome = try GradientCheck.run(at: operands, order: order, stepSize: 1e-4) { x in
        let graph = x[0].graph
        return graph.checkpointed {
          let inner = graph.checkpointed { x[0].matmul(x[1]).tanh() }
          return (inner.matmul(x[1]) * inner).sigmoid()
        }
      }
      #expect(outcome.largestError <= 1e-6)
      #expect(outcome.compared == 28)
    }
  }

  /// Random numbers are the same in both computations, and running statistics are updated once.
  @Test func checkpointsWithNoiseAndUpdates() throws {
    func results(isCheckpointed: Bool) throws -> [TensorValue<Double>] {
      let graph = Graph()
      let x = graph.input("x", shape: [20])
      let mean = graph.state("mean", initial: TensorValue(repeating: 0, shape: []))
      let body = {
        let hidden = (x * graph.randomBernoulli([20], probability: 0.5, stream: "dropout")).exp()
        graph.update(mean, to: mean + hidden.mean())
        return (hidden * hidden).sin()
      }
      let y = isCheckpointed ? graph.checkpointed(body) : body()
      let gradient = graph.gradients(of: y.sum(), withRespectTo: [x])[0]
      let workspace = Workspace<Double>(threads: 1, seed: 3)
      let program = workspace.load(try graph.compile(["y": y, "g": gradient], as: Double.self))
      program.set("x", to: numbers([20]).scalars)
      for step in 0..<2 { program.run(step: step) }
      return [program["y"], program["g"], workspace[state: "mean"]]
    }
    let plain = try results(isCheckpointed: false)
    #expect(try results(isCheckpointed: true) == plain)
  }

  @Test func whatIsInsideASegmentHasNoGradient() throws {
    let graph = Graph()
    let x = graph.constant([1, 2], shape: [2])
    var inside = x
    let y = graph.checkpointed {
      inside = x.exp()
      return inside.square()
    }
    let gradient = graph.gradients(of: y.sum(), withRespectTo: [inside])[0]
    let error = #expect(throws: ShapeError.self) { try gradient.value }
    #expect(error?.problem.contains("checkpointed") == true)
  }

  @Test func segmentsWithoutWorkAreTheirResult() throws {
    let graph = Graph()
    let x = graph.constant([1, 2], shape: [2])
    let before = graph.nodeCount
    #expect(graph.checkpointed { x }.shape == [2])
    #expect(graph.nodeCount == before)
    let mistake = graph.checkpointed { x.reshaped(to: [3]).exp() }
    #expect(throws: ShapeError.self) { try mistake.value }
  }
}
