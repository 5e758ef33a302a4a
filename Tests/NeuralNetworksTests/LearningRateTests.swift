import NeuralNetworks
import TensorEngine
import Testing

/// The learning rate of every rule is a setting of the workspace.
@Suite struct LearningRateTests {
  static let rules: [any Optimizer] = [
    SGD(), SGD(momentum: 0.9, isNesterov: true), RMSprop(momentum: 0.5), Adagrad(), Adadelta(),
    Adam(decayUpdates: 10), AdamW(), Nadam(), Lion(weightDecay: 0.1),
    Adam().scheduled(.cosine(updates: 8)), SGD().weightDecay(0.1),
    Adam().rates(byPath: ["p": 0.5]),
  ]

  /// The parameter before and after each of three updates.
  private func course(of rule: some Optimizer, scaledBy factor: Float) throws -> [[Float]] {
    let graph = Graph()
    let p = graph.state("p", initial: TensorValue(shape: [3], scalars: [1, -2, 3]))
    graph.minimize(
      (p - 0.3).square().sum(), over: [(name: "p", tensor: p)], with: rule, name: "rule")
    let workspace = Workspace<Float>(threads: 1, seed: 0)
    let program = workspace.load(try graph.compile([:]) as Program<Float>)
    #expect(workspace.settingNames == ["rule.learningRate"])
    let own = workspace[state: "rule.learningRate"].scalars[0]
    #expect(own == Float(rule.learningRate))
    workspace[state: "rule.learningRate"] = TensorValue(repeating: factor * own, shape: [])
    return [workspace[state: "p"].scalars]
      + (0..<3).map { step in
        program.run(step: step)
        return workspace[state: "p"].scalars
      }
  }

  @Test(arguments: rules.indices)
  func theFirstChangeIsProportionalToIt(index: Int) throws {
    let rule = Self.rules[index]
    let (whole, half) = (try course(of: rule, scaledBy: 1), try course(of: rule, scaledBy: 0.5))
    for place in 0..<3 {
      let (full, part) = (whole[1][place] - whole[0][place], half[1][place] - half[0][place])
      #expect(full != 0)
      #expect(abs(part / full - 0.5) < 5e-3, "\(rule)")
    }
  }

  @Test func aRateOfZeroChangesNothing() throws {
    for rule in Self.rules {
      let still = try course(of: rule, scaledBy: 0)
      #expect(still.allSatisfy { $0 == still[0] }, "\(rule)")
    }
  }
}
