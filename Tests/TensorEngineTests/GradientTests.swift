import TensorEngine
import TensorEngineChecks
import Testing

/// What gradients are built, that they are right through several layers, and that the check of
/// gradients finds wrong ones.
@Suite struct GradientTests {
  /// A function whose gradient is wrong in a known way, beside the same function done right.
  struct Planted: Sendable, CustomStringConvertible {
    let description: String
    let wrong: @Sendable ([Tensor]) -> Tensor
    let right: @Sendable ([Tensor]) -> Tensor
  }

  static let planted: [Planted] = [
    Planted(
      description: "sign", wrong: { 2 * $0[0].stopGradient() - $0[0] }, right: { 2 * $0[0] - $0[0] }
    ),
    Planted(
      description: "factor", wrong: { $0[0].stopGradient() * $0[0] }, right: { $0[0] * $0[0] }),
    Planted(
      description: "dropped term", wrong: { $0[0].exp() * $0[1].stopGradient() },
      right: { $0[0].exp() * $0[1] }),
    Planted(
      description: "missing sum over a stretched axis",
      wrong: { x in
        let rows = (0..<3).map { row in
          (row == 0 ? x[1] : x[1].stopGradient()) * x[0].sliced(axis: 0, row..<row + 1)
        }
        return Tensor.concatenate(rows, axis: 0)
      }, right: { $0[0] * $0[1] }),
    Planted(
      description: "one group of many",
      wrong: { x in
        let weight = x[1].reshaped(to: [4, 1, 1, 1])
        let third = weight.sliced(axis: 0, 2..<3).stopGradient()
        let groups = [weight.sliced(axis: 0, 0..<2), third, weight.sliced(axis: 0, 3..<4)]
        return x[0].reshaped(to: [3, 4, 1, 1]).convolved(
          with: Tensor.concatenate(groups, axis: 0), .init(groups: 4))
      },
      right: {
        $0[0].reshaped(to: [3, 4, 1, 1]).convolved(
          with: $0[1].reshaped(to: [4, 1, 1, 1]), .init(groups: 4))
      }),
    Planted(
      description: "factor in a rule",
      wrong: { x in x[0].exp().withGradient(of: x) { [1.01 * $0.cotangent * $0.output, nil] } },
      right: { x in x[0].exp().withGradient(of: x) { [$0.cotangent * $0.output, nil] } }),
    Planted(
      description: "wrong place",
      wrong: { x in
        let turned = x[0].sliced(axis: 1, 2..<4)
        let there = x[0].sliced(axis: 1, 0..<2)
        return there.stopGradient() + turned - turned.stopGradient()
      }, right: { $0[0].sliced(axis: 1, 0..<2) }),
    Planted(
      description: "not a number at one place",
      wrong: { x in
        let mask = x[0].graph.constant([0, 1, 1, 1], shape: [4])
        return (x[0].abs() * mask).sqrt()
      }, right: { ($0[0].abs() + 1).sqrt() }),
  ]

  @Test(arguments: planted)
  func plantedMistakesAreFound(planted: Planted) throws {
    let operands = [numbers([3, 4], "x", in: 0.2...0.9), numbers([1, 4], "y", in: 0.3...1)]
    let right = try GradientCheck.run(at: operands, of: planted.right)
    #expect(right.largestError <= 1e-7)
    #expect(right.compared == 16)
    let wrong = try GradientCheck.run(at: operands, of: planted.wrong)
    #expect(!(wrong.largestError <= 0.01), "\(wrong.largestError)")
    #expect(wrong.place.hasPrefix("input"))
  }

  /// A mistake in the second derivative only: the first is right at every point.
  @Test func plantedMistakesOfSecondOrderAreFound() throws {
    let function: ([Tensor]) -> Tensor = { x in
      let frozen = x[0].stopGradient()
      // Value x³, gradient 3x² by a factor that is a constant to the second derivative.
      return 3 * frozen.square() * x[0] - 2 * frozen.pow(3)
    }
    let operand = [numbers([5], "x", in: 0.5...1)]
    #expect(try GradientCheck.run(at: operand, of: function).largestError <= 1e-7)
    #expect(try GradientCheck.run(at: operand, order: 2, of: function).largestError > 0.1)
  }

  /// A generator's step: gradient flows through the discriminator, whose weights get none.
  @Test func whatIsNotAskedForIsNeverBuilt() throws {
    func step(forBoth: Bool) throws -> (graph: Graph, program: Program<Float>) {
      let graph = Graph()
      func weight(_ name: String, _ shape: Shape) -> Tensor {
        graph.state(
          name,
          initial: TensorValue(shape: shape, scalars: numbers(shape, name).scalars.map(Float.init)))
      }
      let generator = [weight("g0", [5, 2 * 4 * 4]), weight("g1", [3, 2, 3, 3])]
      let discriminator = [weight("d0", [4, 3, 3, 3]), weight("d1", [4 * 4, 1])]
      let image = graph.randomNormal([6, 5], stream: "z").matmul(generator[0]).tanh()
        .reshaped(to: [6, 2, 4, 4]).convolved(with: generator[1], .init(padding: 1))
      let score = image.convolved(with: discriminator[0]).relu()
        .reshaped(to: [6, 16]).matmul(discriminator[1])
      let targets = generator + (forBoth ? discriminator : [])
      for (target, gradient) in zip(
        targets, graph.gradients(of: score.mean(), withRespectTo: targets))
      {
        graph.update(target, to: target - gradient * 0.1)
      }
      return (graph, try graph.compile(["score": score]))
    }
    func count(_ operation: String, _ graph: Graph) -> Int {
      graph.listing.split(separator: "\n").filter { $0.contains(" = \(operation)(") }.count
    }
    let (generatorStep, program) = try step(forBoth: false)
    let (both, bothProgram) = try step(forBoth: true)
    // Forward two products and two convolutions; backward, each layer's image and weight.
    #expect(count("matmul", generatorStep) == 4)
    #expect(count("conv2dWeightGradient", generatorStep) == 1)
    #expect(count("conv2dImageGradient", generatorStep) == 2)
    #expect(count("matmul", both) == 5)
    #expect(count("conv2dWeightGradient", both) == 2)
    #expect(program.work < bothProgram.work)

    let workspace = Workspace<Float>(threads: 2, seed: 0)
    let loaded = workspace.load(program)
    let before = workspace.stateNames.map { workspace[state: $0] }
    for step in 0..<3 { loaded.run(step: step) }
    let after = workspace.stateNames.map { workspace[state: $0] }
    #expect(workspace.stateNames == ["d0", "d1", "g0", "g1"])
    #expect(after[..<2] == before[..<2])
    #expect(after[2] != before[2] && after[3] != before[3])
  }

  /// A critic's gradient penalty (Gulrajani et al., "Improved training of Wasserstein GANs",
  /// 2017): the gradient of a gradient's norm through convolution, activation and product.
  @Test(arguments: [false, true])
  func gradientPenaltiesAreDifferentiated(isSmooth: Bool) throws {
    let operands = [
      numbers([2, 2, 5, 5], "image"), numbers([3, 2, 3, 3], "filters"),
      numbers([3 * 4, 1], "weight"),
    ]
    let penalty: ([Tensor]) -> Tensor = { x in
      let hidden = x[0].convolved(with: x[1], .init(stride: 2))
      let active = isSmooth ? hidden.tanh() : hidden.maximum(hidden * 0.2)
      let score = active.flattened().matmul(x[2])
      let gradient = x[0].graph.gradients(of: score.sum(), withRespectTo: [x[0]])[0]
      return (gradient.square().sum(axes: [1, 2, 3]).sqrt() - 1).square().mean()
    }
    #expect(try GradientCheck.run(at: operands, of: penalty).largestError <= 1e-6)
    let second = try GradientCheck.run(at: operands, order: 2, stepSize: 1e-4, of: penalty)
    #expect(second.largestError <= 1e-4, "\(second.place)")
    #expect(second.compared == 2 * 2 * 25 + 3 * 2 * 9 + 12)
  }

  @Test func gradientsOfWhatIsNotReachedAreZero() throws {
    let graph = Graph()
    let (x, y) = (graph.input("x", shape: [3]), graph.constant([1, 2], shape: [2]))
    let loss = (y * y).sum()
    let gradients = graph.gradients(of: loss, withRespectTo: [x, y, loss, y.stopGradient()])
    #expect(gradients.map(\.shape) == [[3], [2], [], [2]])
    #expect(try gradients.map { try $0.value.scalars } == [[0, 0, 0], [2, 4], [1], [0, 0]])
  }

  @Test func gradientsWithRespectToIntermediates() throws {
    let graph = Graph()
    let x = graph.constant([1, 2], shape: [2])
    let hidden = x.square()
    let loss = (hidden * hidden * x).sum()
    let gradients = graph.gradients(of: loss, withRespectTo: [hidden, x])
    #expect(try gradients[0].value.scalars == [2, 16])
    #expect(try gradients[1].value.scalars == [5, 80])
  }

  @Test func equalExtremesShareTheGradient() throws {
    let graph = Graph()
    let x = graph.constant([3, 1, 3, 2], shape: [4])
    let y = graph.constant([3, 2, 0, 2], shape: [4])
    let largest = graph.gradients(of: x.max(), withRespectTo: [x])[0]
    let pairs = graph.gradients(of: x.maximum(y).sum(), withRespectTo: [x, y])
    #expect(try largest.value.scalars == [0.5, 0, 0.5, 0])
    #expect(try pairs[0].value.scalars == [0.5, 0, 1, 0.5])
    #expect(try pairs[1].value.scalars == [0.5, 1, 0, 0.5])
  }
}
