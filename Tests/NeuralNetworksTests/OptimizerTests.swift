import NeuralNetworks
import Randomness
import RealModule
import TensorEngine
import Testing

/// A rule, and the same rule as PyTorch's documentation writes it, for one number in Double.
struct OptimizerSample: Sendable, CustomStringConvertible {
  let description: String
  let minimize: @Sendable (Graph, Tensor, [(name: String, tensor: Tensor)]) -> Void
  /// The values after each update by the gradients that `gradient` gives.
  let reference:
    @Sendable (_ start: Double, _ gradient: (Double) -> Double, _ steps: Int) -> [Double]

  static let all = [
    sgd(SGD(learningRate: 0.1)),
    sgd(SGD(learningRate: 0.05, momentum: 0.9)),
    sgd(SGD(learningRate: 0.05, momentum: 0.9, isNesterov: true)),
    adam(Adam(learningRate: 0.1)),
    adam(Adam(learningRate: 0.02, beta1: 0, beta2: 0.9, epsilon: 1e-3)),
    adam(Adam(learningRate: 0.05, beta1: 0.5, beta2: 0.99)),
  ]

  /// torch.optim.SGD: b = momentum · b + g; g = g + momentum · b (Nesterov) or b; p = p - lr · g.
  private static func sgd(_ rule: SGD) -> OptimizerSample {
    OptimizerSample(description: "\(rule)") { graph, loss, parameters in
      graph.minimize(loss, over: parameters, with: rule)
    } reference: { start, gradient, steps in
      var (p, buffer) = (start, 0.0)
      return (0..<steps).map { _ in
        let g = gradient(p)
        buffer = rule.momentum * buffer + g
        p -= rule.learningRate * (rule.isNesterov ? g + rule.momentum * buffer : buffer)
        return p
      }
    }
  }

  /// torch.optim.Adam: p = p - lr / (1 - b1ᵗ) · m / (√v / √(1 - b2ᵗ) + ε).
  private static func adam(_ rule: Adam) -> OptimizerSample {
    OptimizerSample(description: "\(rule)") { graph, loss, parameters in
      graph.minimize(loss, over: parameters, with: rule)
    } reference: { start, gradient, steps in
      var (p, m, v) = (start, 0.0, 0.0)
      return (1...steps).map { step in
        let g = gradient(p)
        m = rule.beta1 * m + (1 - rule.beta1) * g
        v = rule.beta2 * v + (1 - rule.beta2) * g * g
        let size = rule.learningRate / (1 - .pow(rule.beta1, step))
        let root = v.squareRoot() / (1 - Double.pow(rule.beta2, step)).squareRoot()
        p -= size * m / (root + rule.epsilon)
        return p
      }
    }
  }
}

@Suite struct OptimizerTests {
  /// The centre and the curvature of a bowl along each axis.
  private static let centres = [3, -1, 0.5, 0]
  private static let curvatures = [4, 1, 2, 0.5]
  private static let start = TensorValue<Float>(shape: [4], scalars: [-2, 0.5, 1, 7])

  /// The place in the bowl Σ curvature · (p - centre)² / 2 after each update.
  private func path<Scalar: KernelScalar>(
    _ sample: OptimizerSample, steps: Int, as: Scalar.Type
  ) throws -> [[Double]] where Scalar: BinaryFloatingPoint {
    let graph = Graph()
    let p = graph.state("p", initial: Self.start)
    let away = p - graph.constant(Self.centres, shape: [4])
    let loss = 0.5 * (graph.constant(Self.curvatures, shape: [4]) * away.square()).sum()
    sample.minimize(graph, loss, [("p", p)])
    let workspace = Workspace<Scalar>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile(["loss": loss], as: Scalar.self))
    return (0..<steps).map { step in
      program.run(step: step)
      return workspace[state: "p"].scalars.map { Double($0) }
    }
  }

  private func error(
    _ sample: OptimizerSample, steps: Int, as: (some KernelScalar & BinaryFloatingPoint).Type
  ) throws -> Double {
    let places = try path(sample, steps: steps, as: `as`)
    return Self.centres.indices.map { axis in
      let expected = sample.reference(
        Double(Self.start.scalars[axis]),
        { Self.curvatures[axis] * ($0 - Self.centres[axis]) }, steps)
      return zip(places, expected).map { ($0[axis] - $1).magnitude / max(1, $1.magnitude) }
        .max() ?? .infinity
    }.max() ?? .infinity
  }

  @Test(arguments: OptimizerSample.all)
  func firstStepsEqualThePublishedRule(sample: OptimizerSample) throws {
    #expect(try error(sample, steps: 3, as: Float.self) < 1e-6)
  }

  /// After 50 steps the bias correction 1 - 0.999⁵⁰ is still far from 1.
  @Test(arguments: OptimizerSample.all)
  func manyStepsEqualThePublishedRuleInDouble(sample: OptimizerSample) throws {
    #expect(try error(sample, steps: 50, as: Double.self) < 1e-12)
  }

  /// Adam without a running mean of gradients steps from side to side by its learning rate.
  @Test(arguments: OptimizerSample.all)
  func findsTheBottomOfABowl(sample: OptimizerSample) throws {
    let end = try #require(try path(sample, steps: 1000, as: Float.self).last)
    for (place, centre) in zip(end, Self.centres) {
      #expect((place - centre).magnitude < 2e-2)
    }
  }

  /// What is not given to the optimiser keeps its bytes, although gradients flow through it.
  @Test func leavesFrozenParametersAlone() throws {
    var random = RandomStream(seed: 1, name: "weights")
    let encoder = [Dense(3, 4, activation: .tanh, random: &random)]
    let decoder = [Dense(4, 3, activation: .tanh, random: &random)]
    let graph = Graph()
    let boundEncoder = graph.bind(encoder, as: "vae.encoder")
    let boundDecoder = graph.bind(decoder, as: "vae.decoder")
    let x = graph.constant([1, -2, 0.5], shape: [1, 3])
    let y = boundDecoder(boundEncoder(x, mode: .training), mode: .training)
    graph.minimize((y - x).square().sum(), over: boundEncoder.tensors(in: graph), with: Adam())
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile(["y": y]))
    for step in 0..<3 { program.run(step: step) }

    #expect(
      workspace.stateNames == [
        "optimizer.firstMoment.vae.encoder.0.bias", "optimizer.firstMoment.vae.encoder.0.weight",
        "optimizer.secondMoment.vae.encoder.0.bias",
        "optimizer.secondMoment.vae.encoder.0.weight", "optimizer.updates",
        "vae.decoder.0.bias", "vae.decoder.0.weight", "vae.encoder.0.bias",
        "vae.encoder.0.weight",
      ])
    #expect(workspace[state: "optimizer.updates"].scalars == [3])
    #expect(workspace[state: "vae.decoder.0.weight"] == decoder[0].weight.value)
    #expect(workspace[state: "vae.decoder.0.bias"] == decoder[0].bias?.value)
    #expect(workspace[state: "vae.encoder.0.weight"] != encoder[0].weight.value)
    #expect(workspace[state: "vae.encoder.0.bias"] != encoder[0].bias?.value)
  }

  /// Two players in one program, each with an optimiser of its own.
  @Test func keepsTheStatesOfTwoOptimizersApart() throws {
    let graph = Graph()
    let a = graph.state("a", initial: TensorValue(repeating: 1, shape: []))
    let b = graph.state("b", initial: TensorValue(repeating: 1, shape: []))
    graph.minimize(
      a * b, over: [("a", a)], with: SGD(learningRate: 0.5, momentum: 0.9), name: "min")
    graph.minimize(
      -(a * b), over: [("b", b)], with: SGD(learningRate: 0.25, momentum: 0.9), name: "max")
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    workspace.load(try graph.compile(["product": a * b])).run(step: 0)
    #expect(
      workspace.stateNames == [
        "a", "b", "max.updates", "max.velocity.b", "min.updates", "min.velocity.a",
      ])
    // Both move by the gradient at the start.
    #expect(workspace[state: "a"].scalars == [0.5])
    #expect(workspace[state: "b"].scalars == [1.25])
  }

  /// Two batches one after another make the update that both together make.
  @Test func gatheredGradientsAreThoseOfTheBatchesTogether() throws {
    func trained(_ batches: [[Float]], gathering: Int) throws -> [[Float]] {
      let graph = Graph()
      let w = graph.state("w", initial: TensorValue(shape: [2, 1], scalars: [0.5, -1]))
      let x = graph.input("x", shape: [batches[0].count / 2, 2])
      let loss = (x.matmul(w) - 1).square().mean()
      let isDue = graph.minimize(
        loss, over: [("w", w)], with: Adam(learningRate: 0.1), gathering: gathering)
      #expect((isDue == nil) == (gathering == 1))
      let workspace = Workspace<Float>(threads: 1, seed: 0)
      let program = workspace.load(try graph.compile(["loss": loss]))
      return batches.enumerated().map { step, batch in
        program.set("x", to: batch)
        program.run(step: step)
        return workspace[state: "w"].scalars
      }
    }
    let halves: [[Float]] = [[1, 2, -1, 0.5], [0.25, -2, 3, 1], [1, 1, 2, -1], [0, 1, 1, 0]]
    let apart = try trained(halves, gathering: 2)
    let together = try trained([halves[0] + halves[1], halves[2] + halves[3]], gathering: 1)
    #expect(apart[0] == [0.5, -1])
    #expect(apart[1] == apart[2])
    for (found, expected) in zip(apart[1] + apart[3], together[0] + together[1]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }
}
