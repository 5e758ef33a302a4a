import Experiments
import NeuralNetworks
import TensorEngine
import Testing

/// The rules that an experiment file can name are those of the toolkit.
@Suite struct OptimizerConfigurationTests {
  /// The parameter after each of six steps on losses that differ.
  private func course(
    _ minimize: (Graph, Tensor, [(name: String, tensor: Tensor)]) -> Void
  ) throws -> [[Float]] {
    let graph = Graph()
    let p = graph.state("p", initial: TensorValue(shape: [3], scalars: [1, -2, 3]))
    let target = graph.input("target", shape: [3])
    minimize(graph, (p - target).square().sum(), [(name: "p", tensor: p)])
    let workspace = Workspace<Float>(threads: 1, seed: 0)
    let program = workspace.load(try graph.compile([:]) as Program<Float>)
    return (0..<6).map { step in
      program.set("target", to: [0.5, Float(step), -1])
      program.run(step: step)
      return workspace[state: "p"].scalars
    }
  }

  private func course(_ configuration: OptimizerConfiguration) throws -> [[Float]] {
    try course { $0.minimize($1, over: $2, with: configuration) }
  }

  private func course(of rule: some Optimizer) throws -> [[Float]] {
    try course { $0.minimize($1, over: $2, with: rule) }
  }

  @Test(arguments: OptimizerKind.allCases)
  func everyKindIsItsRule(kind: OptimizerKind) throws {
    var configuration = OptimizerConfiguration()
    configuration.kind = kind
    configuration.learningRate = 0.01
    configuration.momentum = 0.8
    configuration.weightDecay = 0.1
    let found = try course(configuration)
    let expected =
      switch kind {
      case .adam: try course(of: Adam(learningRate: 0.01).weightDecay(0.1))
      case .adamW: try course(of: AdamW(learningRate: 0.01, weightDecay: 0.1))
      case .nadam: try course(of: Nadam(learningRate: 0.01).weightDecay(0.1))
      case .lion: try course(of: Lion(learningRate: 0.01, beta2: 0.999, weightDecay: 0.1))
      case .sgd: try course(of: SGD(learningRate: 0.01, momentum: 0.8).weightDecay(0.1))
      case .nesterov:
        try course(
          of: SGD(learningRate: 0.01, momentum: 0.8, isNesterov: true).weightDecay(0.1))
      case .rmsprop:
        try course(of: RMSprop(learningRate: 0.01, decay: 0.999, momentum: 0.8).weightDecay(0.1))
      case .adagrad:
        try course(of: Adagrad(learningRate: 0.01, epsilon: 1e-8).weightDecay(0.1))
      case .adadelta:
        try course(
          of: Adadelta(learningRate: 0.01, decay: 0.999, epsilon: 1e-8).weightDecay(0.1))
      }
    #expect(found == expected)
  }

  @Test func byDefaultItIsAdam() throws {
    #expect(try course(OptimizerConfiguration()) == course(of: Adam()))
    var falling = OptimizerConfiguration()
    falling.decayUpdates = 4
    #expect(try course(falling) == course(of: Adam(decayUpdates: 4)))
    falling.kind = .sgd
    #expect(
      try course(falling)
        == course(of: SGD(learningRate: 1e-3).scheduled(.polynomial(updates: 4))))
  }

  @Test(arguments: ScheduleKind.allCases)
  func everyScheduleIsTheToolkits(kind: ScheduleKind) throws {
    var configuration = OptimizerConfiguration()
    configuration.schedule.kind = kind
    configuration.schedule.updates = 4
    configuration.schedule.end = 0.25
    let schedule: Schedule =
      switch kind {
      case .constant: .constant
      case .step: .step(factor: 0.1, every: 4)
      case .exponential: .exponential(factor: 0.1, every: 4)
      case .cosine: .cosine(updates: 4, end: 0.25)
      case .linear: .polynomial(updates: 4, end: 0.25)
      case .cyclical: .cyclical(lowest: 0.1, half: 4)
      case .oneCycle: .oneCycle(updates: 4)
      }
    #expect(try course(configuration) == course(of: Adam().scheduled(schedule)))
    configuration.schedule.warmUp = 2
    #expect(
      try course(configuration)
        == course(of: Adam().scheduled(.warmUp(updates: 2, then: schedule))))
  }

  @Test(arguments: ClippingKind.allCases)
  func gradientsAreClippedAndGathered(kind: ClippingKind) throws {
    var configuration = OptimizerConfiguration()
    configuration.kind = .sgd
    configuration.clipping = kind
    configuration.clippingBound = 0.5
    configuration.accumulation = 2
    let clipping: GradientClipping? =
      switch kind {
      case .none: nil
      case .value: .value(0.5)
      case .norm: .norm(0.5)
      case .globalNorm: .globalNorm(0.5)
      }
    let found = try course(configuration)
    let expected = try course {
      $0.minimize(
        $1, over: $2, with: SGD(learningRate: 1e-3), gathering: 2, clipping: clipping)
    }
    #expect(found == expected)
    #expect(found[0] == [1, -2, 3] && found[1] != found[0] && found[2] == found[1])
  }

  @Test func itsKeysAreDeclaredAndItsRulesHold() {
    #expect(configurationFaults(of: OptimizerConfiguration.self).isEmpty)
    #expect(configurationFaults(of: TrainingConfiguration.self).isEmpty)
    var configuration = OptimizerConfiguration()
    configuration.kind = .nesterov
    #expect(configuration.problems.map(\.key) == ["momentum"])
    configuration.schedule.kind = .oneCycle
    configuration.schedule.updates = 3
    #expect(configuration.schedule.problems.map(\.key) == ["updates"])
  }
}
