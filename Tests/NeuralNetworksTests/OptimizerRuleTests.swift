import NeuralNetworks
import TensorEngine
import Testing

/// A rule under the name of the places that PyTorch's visits, its type forgotten.
struct RuleSample: Sendable, CustomStringConvertible {
  let description: String
  let minimize: @Sendable (Graph, Tensor, [(name: String, tensor: Tensor)]) -> Void

  init(_ name: String, _ rule: some Optimizer) {
    description = name
    minimize = { graph, loss, parameters in
      graph.minimize(loss, over: parameters, with: rule)
    }
  }

  static let all = [
    RuleSample("SGD", SGD(learningRate: 0.1)),
    RuleSample("SGD with momentum", SGD(learningRate: 0.05, momentum: 0.9).weightDecay(0.1)),
    RuleSample("SGD by Nesterov", SGD(learningRate: 0.05, momentum: 0.9, isNesterov: true)),
    RuleSample("RMSprop", RMSprop()),
    RuleSample(
      "RMSprop with momentum",
      RMSprop(learningRate: 0.02, decay: 0.9, epsilon: 1e-3, momentum: 0.5)),
    RuleSample(
      "RMSprop centred",
      RMSprop(learningRate: 0.02, decay: 0.8, isCentred: true).weightDecay(0.1)),
    RuleSample("Adagrad", Adagrad(learningRate: 0.3)),
    RuleSample("Adagrad from a sum", Adagrad(learningRate: 0.3, initialSum: 0.125)),
    RuleSample("Adadelta", Adadelta()),
    RuleSample(
      "Adadelta slower",
      Adadelta(learningRate: 0.5, decay: 0.95, epsilon: 1e-3).weightDecay(0.01)),
    RuleSample("Adam", Adam(learningRate: 0.1)),
    RuleSample(
      "Adam with decay",
      Adam(learningRate: 0.02, beta1: 0.5, beta2: 0.9, epsilon: 1e-3).weightDecay(0.1)),
    RuleSample("AdamW", AdamW(learningRate: 0.1, weightDecay: 0.05)),
    RuleSample("Nadam", Nadam(learningRate: 0.1)),
    RuleSample(
      "Nadam slower",
      Nadam(learningRate: 0.02, beta1: 0.8, beta2: 0.9, momentumDecay: 0.1)),
    RuleSample("Lion", Lion(learningRate: 0.1)),
    RuleSample(
      "Lion with decay", Lion(learningRate: 0.02, beta1: 0.5, beta2: 0.9, weightDecay: 0.1)),
  ]
}

@Suite struct OptimizerRuleTests {
  private static let start = TensorValue<Float>(shape: [4], scalars: [-2, 0.5, 1, 7])

  /// A workspace with a program that makes one update in the bowl of `scripts/fixtures/optimizers.py`.
  private func bowl<Scalar: KernelScalar>(
    as: Scalar.Type,
    _ minimize: (Graph, Tensor, [(name: String, tensor: Tensor)]) -> Void
  ) throws -> (workspace: Workspace<Scalar>, program: LoadedProgram<Scalar>) {
    let graph = Graph()
    let p = graph.state("p", initial: Self.start)
    let away = p - graph.constant([3, -1, 0.5, 0], shape: [4])
    let loss = 0.5 * (graph.constant([4, 1, 2, 0.5], shape: [4]) * away.square()).sum()
    minimize(graph, loss, [("p", p)])
    let workspace = Workspace<Scalar>(threads: 1, seed: 1)
    return (workspace, workspace.load(try graph.compile(["loss": loss], as: Scalar.self)))
  }

  @Test(arguments: RuleSample.all)
  func firstStepsEqualThoseOfPyTorch(sample: RuleSample) throws {
    let (shape, expected) = try Fixtures("optimizers").array(sample.description)
    let single = try bowl(as: Float.self, sample.minimize)
    let double = try bowl(as: Double.self, sample.minimize)
    for step in 0..<shape[0] {
      single.program.run(step: step)
      double.program.run(step: step)
      for place in 0..<4 {
        let right = expected[step * 4 + place]
        let (float, exact) = (
          Double(single.workspace[state: "p"].scalars[place]),
          double.workspace[state: "p"].scalars[place]
        )
        #expect((float - right).magnitude < 1e-6 * max(1, right.magnitude), "at step \(step)")
        #expect((exact - right).magnitude < 1e-12 * max(1, right.magnitude), "at step \(step)")
      }
    }
  }

  @Test func everyRuleIsCompared() throws {
    let written = try Fixtures("optimizers").names
    let schedules = Self.schedules.map { "schedule:\($0.name)" }
    #expect(Set(written) == Set(RuleSample.all.map(\.description) + schedules))
  }

  // MARK: Schedules

  private static let schedules: [(name: String, schedule: Schedule)] = [
    ("step", .step(factor: 0.5, every: 7)), ("exponential", .exponential(factor: 0.9, every: 1)),
    ("cosine", .cosine(updates: 30, end: 0.1)),
    ("polynomial", .polynomial(updates: 30, power: 2)),
    ("linear", .polynomial(updates: 30, end: 0.2)),
    ("warmUp", .warmUp(updates: 5, then: .exponential(factor: 0.9, every: 1))),
    ("cyclical", .cyclical(lowest: 0.1, half: 6)), ("oneCycle", .oneCycle(updates: 41)),
  ]

  /// A gradient of 1 and a rate of 1 show the factor.
  @Test(arguments: schedules)
  func schedulesEqualThoseOfPyTorch(name: String, schedule: Schedule) throws {
    let expected = try Fixtures("optimizers").array("schedule:\(name)").scalars
    let graph = Graph()
    let state = graph.state("x", initial: TensorValue(repeating: 0, shape: []))
    graph.minimize(-state, over: [("x", state)], with: SGD(learningRate: 1).scheduled(schedule))
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile([:]))
    for (step, factor) in expected.enumerated() {
      workspace[state: "x"] = TensorValue(repeating: 0, shape: [])
      program.run(step: step)
      let found = Double(workspace[state: "x"].scalars[0])
      #expect((found - factor).magnitude < 1e-5, "\(found), not \(factor), at update \(step)")
    }
  }

  /// The number of the update is a state: interrupted, training goes on with the same bits.
  @Test func aScheduleGoesOnWhereItWas() throws {
    func made() throws -> (workspace: Workspace<Float>, program: LoadedProgram<Float>) {
      try bowl(as: Float.self) {
        $0.minimize(
          $1, over: $2, with: Nadam(learningRate: 0.1).scheduled(.cosine(updates: 8)))
      }
    }
    let (whole, first, second) = (try made(), try made(), try made())
    for step in 0..<6 {
      whole.program.run(step: step)
      if step == 3 { try second.workspace.restore(first.workspace.records()) }
      (step < 3 ? first : second).program.run(step: step)
    }
    #expect(second.workspace.records() == whole.workspace.records())
  }

  // MARK: What changes a rule

  @Test func ratesBelongToTheLongestPath() throws {
    let graph = Graph()
    let names = ["net.body.0.weight", "net.body.1.weight", "net.bodyguard", "net.head"]
    let parameters = names.map { name in
      (name: name, tensor: graph.state(name, initial: TensorValue(repeating: 0, shape: [])))
    }
    let loss = parameters.reduce(graph.constant(0)) { $0 - $1.tensor }
    let rule = SGD(learningRate: 1).rates(byPath: ["net.body": 0.5, "net.body.1": 0, "head": 3])
    graph.minimize(loss, over: parameters, with: rule)
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    workspace.load(try graph.compile([:])).run(step: 0)
    #expect(names.map { workspace[state: $0].scalars[0] } == [0.5, 0, 1, 1])
  }

  /// Gradients (3, 4) and (12) under each bound.
  @Test(arguments: [
    (GradientClipping.value(5), [3.0, 4, 5]), (.norm(2.5), [1.5, 2, 2.5]),
    (.globalNorm(6.5), [1.5, 2, 6]), (.globalNorm(20), [3, 4, 12]),
  ])
  func gradientsAreClipped(clipping: GradientClipping, expected: [Double]) throws {
    let graph = Graph()
    let first = graph.state("first", initial: TensorValue(repeating: 0, shape: [2]))
    let second = graph.state("second", initial: TensorValue(repeating: 0, shape: [1]))
    let loss = -(first * graph.constant([3, 4], shape: [2])).sum() - 12 * second.sum()
    graph.minimize(
      loss, over: [("first", first), ("second", second)], with: SGD(learningRate: 1),
      clipping: clipping)
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    workspace.load(try graph.compile([:])).run(step: 0)
    let moved = workspace[state: "first"].scalars + workspace[state: "second"].scalars
    #expect(largestError(moved, expected) < 1e-6)
  }
}
