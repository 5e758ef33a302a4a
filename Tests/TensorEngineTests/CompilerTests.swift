import Glibc
import TensorEngine
import Testing

/// What the compiler leaves out, joins and shares.
@Suite struct CompilerTests {
  private func compile(
    _ outputs: [String: Tensor], _ change: (inout CompileOptions) -> Void = { _ in }
  ) throws -> Program<Float> {
    guard let graph = outputs.values.first?.graph else { return try Graph().compile([:]) }
    var options = CompileOptions()
    change(&options)
    return try graph.compile(outputs, options: options)
  }

  @Test func chainsBecomeOneKernel() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [10, 20])
    let y = ((x * 2 + 1).tanh() - x.exp()).square() / (x.abs() + graph.input("b", shape: [20]))
    #expect(try compile(["y": y]).stepCount == 1)
    #expect(try compile(["y": y]) { $0.fusesElementwise = false }.stepCount == 9)
  }

  /// A sum in the middle of a chain ends one kernel and begins another; what does not depend on
  /// it joins neither twice.
  @Test func kernelsAreCutWhereAnotherLiesBetween() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [10, 20])
    let e = (x - x.max(axes: [1], keepsAxes: true)).exp()
    let softmax = e / e.sum(axes: [1], keepsAxes: true)
    let program = try compile(["y": softmax])
    #expect(program.stepCount == 4)
    #expect(program.description.contains("= sub+exp("))
  }

  @Test func shapesAreNotMixedInOneKernel() throws {
    let graph = Graph()
    let row = graph.input("row", shape: [20]).exp()
    #expect(try compile(["y": (row + graph.input("x", shape: [10, 20])).tanh()]).stepCount == 2)
  }

  @Test func kernelsHaveALimitedLength() throws {
    let graph = Graph()
    var x = graph.input("x", shape: [2000])
    for index in 0..<500 { x = (x + Double(index + 1)).sin() }
    let program = try compile(["y": x])
    let lengths = program.description.split(separator: "\n").map {
      $0.split(separator: "(")[0].split(separator: "+").count
    }
    #expect(lengths.reduce(0, +) == 1000)
    #expect(lengths.allSatisfy { $0 <= 48 })
    #expect(program.stepCount < 30)
  }

  @Test func whatNobodyReadsIsLeftOut() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [4])
    let unread = graph.input("unread", shape: [4])
    _ = (x.exp() + unread).sum()
    let program = try compile(["y": x * 3])
    #expect(program.stepCount == 1)
    #expect(program.inputNames == ["x"])
    #expect(program.work == 4)
    let loaded = Workspace<Float>(threads: 1, seed: 0).load(program)
    loaded.set("unread", to: [1, 2, 3, 4] as [Float])
    loaded.set("x", to: [1, 2, 3, 4] as [Float])
    loaded.run(step: 0)
    #expect(loaded["y"].scalars == [3, 6, 9, 12])
  }

  @Test func equalOperationsAreOneNode() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [4])
    let first = x.exp() + 1
    let count = graph.nodeCount
    let second = x.exp() + 1
    #expect(graph.nodeCount == count)
    #expect(try compile(["a": first.sum(), "b": second.sum()]).stepCount == 2)
    var options = Graph.Options()
    options.sharesSubexpressions = false
    let plain = Graph(options: options)
    let y = plain.input("x", shape: [4])
    let separate = ["a": (y.exp() + 1).sum(), "b": (y.exp() + 1).sum()]
    #expect(try compile(separate).stepCount == 4)
    #expect(try compile(separate).inputNames == ["x"])
  }

  @Test func constantsAreComputedOnce() throws {
    let graph = Graph()
    let table = graph.constant([0, 1, 2, 3], shape: [2, 2])
    let fixed = (table.exp().matmul(table.transposed()) + 1).sum(axes: [0])
    let y = graph.input("x", shape: [3, 2]) * fixed
    #expect(try compile(["y": y]).stepCount == 1)
    #expect(try compile(["y": y]) { $0.foldsConstants = false }.stepCount == 5)
    #expect(try compile(["fixed": fixed]).stepCount == 0)
    let loaded = Workspace<Float>(threads: 1, seed: 0).load(try compile(["fixed": fixed]))
    loaded.run(step: 0)
    let expected = try fixed.value
    #expect(loaded["fixed"] == expected)
  }

  /// Random numbers and states are no constants though they have no operands.
  @Test func whatChangesIsNotFolded() throws {
    let graph = Graph()
    let state = graph.state("s", initial: TensorValue(repeating: 1, shape: [2]))
    let noise = graph.randomUniform([2], stream: "u")
    #expect(try compile(["y": state + 1]).stepCount == 1)
    #expect(try compile(["y": noise + 1]).stepCount == 2)
  }

  @Test func neutralOperationsAreNotRecorded() {
    let graph = Graph()
    let x = graph.input("x", shape: [3, 4])
    let before = graph.nodeCount
    #expect((x.reshaped(to: [3, 4]) as Tensor).shape == [3, 4])
    _ = x.transposed([0, 1])
    _ = x.broadcast(to: [3, 4])
    _ = x.padded(low: [0, 0], high: [0, 0])
    _ = x.sum(axes: [])
    _ = x.real()
    #expect(graph.nodeCount == before)
    #expect(x.transposed().transposed().shape == x.shape)
    #expect(graph.operationNames == ["input", "transpose"])
    #expect(graph.nodeCount == before + 1)
  }

  @Test func memoryIsReused() throws {
    let graph = Graph()
    var x = graph.input("x", shape: [64, 64])
    for _ in 0..<10 { x = x.matmul(x).tanh() }
    let reused = try compile(["y": x])
    let separate = try compile(["y": x]) { $0.reusesMemory = false }
    let matrix = 64 * 64 * 4
    #expect(reused.arenaBytes <= 3 * matrix)
    #expect(separate.arenaBytes >= 20 * matrix)
  }

  /// A dense layer and a convolution, their biases and ReLUs: two kernels, each of which reads its
  /// weights, and the biases with their operands.
  @Test func productsFinishTheirResults() throws {
    let graph = Graph()
    let image = graph.input("x", shape: [2, 3, 8, 8])
    func state(_ name: String, _ shape: Shape) -> Tensor {
      graph.state(
        name, initial: TensorValue(shape: shape, scalars: (0..<shape.count).map { sin(Float($0)) }))
    }
    let convolved =
      image.convolved(with: state("filters", [4, 3, 3, 3]))
      + state("bias", [4]).reshaped(to: [4, 1, 1])
    let product = convolved.relu().reshaped(to: [2, 144]).matmul(state("w", [144, 7]))
    let y = (product + state("b", [7])).relu()
    let finished = try compile(["y": y])
    #expect(finished.stepCount == 2)
    #expect(finished.description.contains("conv2d+add+relu"))
    #expect(try compile(["y": y]) { $0.finishesProducts = false }.stepCount == 4)
    // What something else needs is stored: the sum before the ReLU, or the product itself.
    #expect(try compile(["y": y, "convolved": convolved]).stepCount == 3)
    #expect(try compile(["y": y, "product": product]).stepCount == 3)
  }

  /// Steps that read the same weights in the same form share what is packed of them.
  @Test func packedWeightsAreShared() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [64, 256])
    let weight = graph.state("w", initial: TensorValue(repeating: 0.01, shape: [256, 256]))
    var y = x
    for _ in 0..<4 { y = y.matmul(weight).tanh() }
    let shared = try compile(["y": y])
    let separate = try compile(["y": y]) { $0.keepsPackedOperands = false }
    #expect(shared.keptBytes == 256 * 256 * 4)
    #expect(separate.keptBytes == 0)
    graph.update(weight, to: weight * 0.5)
    let updated = try compile(["y": y])
    #expect(updated.keptBytes == 0)
    func run(_ program: Program<Float>) -> [Float] {
      let loaded = Workspace<Float>(threads: 2, seed: 0).load(program)
      loaded.set("x", to: (0..<64 * 256).map { cos(Float($0)) })
      return (0..<3).map { step in
        loaded.run(step: step)
        return loaded["y"].scalars.reduce(0, +)
      }
    }
    #expect(run(updated) == run(try compile(["y": y]) { $0.keepsPackedOperands = false }))
    #expect(run(shared)[0] == run(separate)[0])
  }

  /// What is packed of many frozen weights is not kept where a step has much more to do than to make it, and
  /// steps of different sizes that share it decide alike.
  @Test func largePackedWeightsAreMadeAnew() throws {
    let graph = Graph()
    let weight = graph.state(
      "w", initial: TensorValue(repeating: 0.01, shape: [512, 512, 3, 3]))
    func convolved(_ side: Int) -> Tensor {
      graph.input("x\(side)", shape: [1, 512, side, side]).convolved(
        with: weight, .init(padding: 1))
    }
    let (large, small) = (convolved(32), convolved(16))
    #expect(try compile(["large": large]).keptBytes == 0)
    #expect(try compile(["small": small]).keptBytes > 32 << 20)
    func run(_ outputs: [String: Tensor], keepsPackedOperands: Bool) throws -> [TensorValue<Float>]
    {
      let program = try compile(outputs) { $0.keepsPackedOperands = keepsPackedOperands }
      let workspace = Workspace<Float>(threads: 2, seed: 0)
      let loaded = workspace.load(program)
      for side in [16, 32] {
        loaded.set("x\(side)", to: (0..<512 * side * side).map { cos(Float($0)) })
      }
      loaded.run(step: 0)
      workspace[state: "w"] = TensorValue(repeating: 0.02, shape: weight.shape)
      loaded.run(step: 1)
      return outputs.keys.sorted().map { loaded[$0] }
    }
    for outputs in [
      ["large": large, "small": small], ["small": small, "then": large + small.sum()],
    ] {
      let kept = try run(outputs, keepsPackedOperands: true)
      #expect(try kept == run(outputs, keepsPackedOperands: false))
    }
  }

  /// The mask of a ReLU is made where the gradient is multiplied by it, of the stored activation.
  @Test func quickValuesAreComputedWhereTheyAreRead() throws {
    let graph = Graph()
    let weight = graph.state("w", initial: TensorValue(repeating: 0.01, shape: [64, 64]))
    var y = graph.input("x", shape: [64, 64])
    for _ in 0..<8 { y = y.matmul(weight).relu() }
    let gradient = graph.gradients(of: y.sum(), withRespectTo: [weight])[0]
    let recomputed = try compile(["g": gradient])
    let stored = try compile(["g": gradient]) { $0.recomputesQuickValues = false }
    #expect(recomputed.arenaBytes <= stored.arenaBytes - 5 * 64 * 64 * 4)
    #expect(stored.description.contains("relu+greater("))
    #expect(!recomputed.description.contains("relu+greater("))
  }

  /// Rows are read where they lie, and computed where the whole has them.
  @Test func rowsAreNotCopied() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [64, 32])
    let weight = graph.state("w", initial: TensorValue(repeating: 0.01, shape: [64, 32]))
    let halves = [0..<32, 32..<64].map { rows in
      x.sliced(axis: 0, rows).matmul(weight.sliced(axis: 0, rows)).exp()
    }
    let whole = Tensor.concatenate(halves, axis: 0)
    let y = whole.sum(axes: [0])
    let inPlace = try compile(["y": y])
    let copied = try compile(["y": y]) {
      $0.readsSlicesInPlace = false
      $0.joinsInPlace = false
    }
    #expect(copied.stepCount == inPlace.stepCount + 4)
    #expect(!inPlace.description.contains("slice"))
    #expect(inPlace.arenaBytes <= copied.arenaBytes)
    func run(_ program: Program<Float>) -> [Float] {
      let loaded = Workspace<Float>(threads: 2, seed: 0).load(program)
      loaded.set("x", to: (0..<64 * 32).map { cos(Float($0)) })
      loaded.run(step: 0)
      return loaded["y"].scalars
    }
    #expect(run(inPlace) == run(copied))
    // A slice that is a result has memory of its own.
    let rows = x.exp().sliced(axis: 0, 3..<5)
    #expect(try compile(["rows": rows]).description.contains("slice"))
  }

  /// What needs nothing of each other runs together: four gates, then what they are added to, then an
  /// update in the place of what the product before read.
  @Test func independentStepsRunTogether() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [8, 32])
    let weights = (0..<4).map {
      graph.state("w\($0)", initial: TensorValue(repeating: 0.01, shape: [32, 32]))
    }
    let gates = weights.map { x.matmul($0) }
    let y = gates.dropFirst().reduce(gates[0], +)
    graph.update(weights[0], to: weights[0] * 0.5)
    let together = try compile(["y": y])
    let apart = try compile(["y": y]) { $0.runsStepsTogether = false }
    #expect(together.stepCount == 6 && apart.stepCount == 6 && apart.stageCount == 6)
    #expect(together.stageCount == 2)
    #expect(together.arenaBytes <= apart.arenaBytes + 8 * 32 * 4)
  }

  /// Each update follows its gradient, so that no two gradients exist at a time.
  @Test func updatesRunAsSoonAsTheyCan() throws {
    let graph = Graph()
    let weights = (0..<10).map {
      graph.state("w\($0)", initial: TensorValue(repeating: 0.01, shape: [128, 128]))
    }
    let y = weights.reduce(graph.input("x", shape: [4, 128])) { $0.matmul($1) }
    let gradients = graph.gradients(of: y.square().sum(), withRespectTo: weights)
    for (weight, gradient) in zip(weights, gradients) {
      graph.update(weight, to: weight - 0.1 * gradient)
    }
    let matrix = 128 * 128 * 4
    let soon = try compile(["y": y])
    let late = try compile(["y": y]) { $0.schedulesForMemory = false }
    #expect(late.arenaBytes >= 10 * matrix)
    #expect(soon.arenaBytes <= 4 * matrix)
    #expect(!soon.description.contains("copy("))
  }

  /// Every place is a multiple of a cache line.
  @Test func placesAreAligned() throws {
    let graph = Graph()
    let parts = (1..<20).map { graph.input("x\($0)", shape: [$0]).exp() }
    let sums = parts.map { $0.sum() }
    let text = try compile(
      Dictionary(uniqueKeysWithValues: (parts + sums).enumerated().map { ("\($0)", $1) })
    ).description
    let offsets = text.split(whereSeparator: { " ()\n".contains($0) })
      .filter { $0.hasPrefix("@") }.map { Int($0.dropFirst()) }
    #expect(offsets.count >= 38)
    #expect(offsets.allSatisfy { ($0 ?? 1) % 64 == 0 })
  }

  @Test func aProgramSaysWhatItCosts() throws {
    let graph = Graph()
    let weight = graph.state("w", initial: TensorValue(repeating: 0, shape: [20, 30]))
    let y = graph.input("x", shape: [10, 20]).matmul(weight)
    let program = try compile(["y": y])
    #expect(program.work == 2 * 10 * 20 * 30)
    #expect(program.bytesMoved == 4 * (10 * 20 + 20 * 30 + 10 * 30))
    #expect(program.stateBytes == 20 * 30 * 4)
    #expect(program.stateNames == ["w"])
  }

  @Test func valuesOfTensorsWithoutAProgram() throws {
    let graph = Graph()
    let state = graph.state("s", initial: TensorValue(shape: [2], scalars: [1, 2]))
    graph.update(state, to: state * 100)
    #expect(try (state + 1).value.scalars == [2, 3])
    #expect(try state.value(as: Double.self).scalars == [1, 2])
    let x = graph.input("pixels", shape: [2])
    let error = #expect(throws: ShapeError.self) { try (x + state).value }
    #expect(error?.problem.contains("'pixels'") == true)
  }
}
