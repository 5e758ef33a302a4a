import Randomness
import TensorEngine
import Testing

/// Graphs drawn at random, with states that are updated: every rewrite and every number of threads
/// gives the same bits.
@Suite struct RandomGraphTests {
  /// Draws a graph over tensors whose shapes all broadcast to [rows, columns].
  private struct Sketch {
    let graph: Graph
    let rows: Int
    let columns: Int
    var random: RandomStream
    var tensors: [Tensor] = []

    init(_ number: Int, rows: Int, columns: Int, operations: Int, options: Graph.Options) {
      graph = Graph(options: options)
      (self.rows, self.columns) = (rows, columns)
      random = RandomStream(seed: UInt64(number), name: "graph")
      let full: Shape = [rows, columns]
      let states = (0..<3).map {
        graph.state("s\($0)", initial: TensorValue(repeating: 0.25 * Float($0 + 1), shape: full))
      }
      tensors =
        states + [
          graph.input("full", shape: full), graph.input("row", shape: [columns]),
          graph.input("column", shape: [rows, 1]), graph.constant(0.75),
          graph.constant([0.5, -1.5], shape: [2]).sum(axes: [0], keepsAxes: true),
        ]
      for _ in 0..<operations { tensors.append(drawn()) }
      for state in states { graph.update(state, to: stretched(any())) }
    }

    private mutating func any() -> Tensor {
      tensors[Int(random.nextWord()) % tensors.count]
    }

    private func stretched(_ x: Tensor) -> Tensor { x.broadcast(to: [rows, columns]) }

    private mutating func drawn() -> Tensor {
      let (x, y) = (any(), any())
      switch random.nextWord() % 16 {
      case 0: return x.tanh()
      case 1: return x.sin()
      case 2: return (-x).relu()
      case 3: return x.square() * 0.5
      case 4, 5: return x + y
      case 6, 7: return (x * y).sigmoid()
      case 8: return x.maximum(y) - y
      case 9: return x.isGreater(than: y).select(x, any())
      case 10: return stretched(x).mean(axes: [0], keepsAxes: true)
      case 11: return stretched(x).max(axes: [1], keepsAxes: true)
      case 12:
        let row = tensors[4]
        let product = stretched(x).matmul(stretched(y).transposed()).matmul(stretched(x))
        return random.nextWord() % 2 == 0 ? product.tanh() : (product + row).relu()
      case 13:
        let turned = stretched(x).transposed().reshaped(to: [rows, columns])
        return Tensor.concatenate([turned, stretched(y)], axis: 0).sliced(axis: 0, 1..<rows + 1)
      case 14:
        return stretched(x).sliced(axis: 1, 1..<columns).padded(low: [0, 1], high: [0, 0])
      default: return x * graph.randomUniform([rows, columns], stream: "noise")
      }
    }

    /// Some of the tensors, a state's old value among them, and a gradient.
    mutating func outputs() -> [String: Tensor] {
      let chosen = ["a": any(), "b": any(), "c": any(), "state": tensors[0]]
      let loss = stretched(any()).square().mean()
      let gradient = graph.gradients(of: loss, withRespectTo: [tensors[3]])[0]
      return chosen.merging(["gradient": gradient]) { first, _ in first }
    }
  }

  /// The bits of outputs and states after three runs.
  private func bits(
    _ number: Int, rows: Int = 5, columns: Int = 7, operations: Int = 24,
    graph: Graph.Options = .init(), options: CompileOptions = .init(), threads: Int = 1
  ) throws -> (bits: [[UInt32]], program: Program<Float>) {
    var sketch = Sketch(
      number, rows: rows, columns: columns, operations: operations, options: graph)
    let outputs = sketch.outputs()
    let program: Program<Float> = try sketch.graph.compile(outputs, options: options)
    let workspace = Workspace<Float>(threads: threads, seed: 2)
    let loaded = workspace.load(program)
    for step in 0..<3 {
      for (name, shape) in [
        ("full", [rows, columns]), ("row", [columns]), ("column", [rows, 1]),
      ] as [(String, Shape)] {
        loaded.set(name, to: numbers(shape, "\(name) \(step)").scalars.map { Float($0) })
      }
      loaded.run(step: step)
    }
    let values =
      outputs.keys.sorted().map { loaded[$0] } + workspace.stateNames.map { workspace[state: $0] }
    return (values.map { $0.scalars.map(\.bitPattern) }, program)
  }

  @Test(arguments: 0..<150)
  func rewritesChangeNoBit(number: Int) throws {
    let (reference, optimised) = try bits(number)
    for path in [
      \CompileOptions.foldsConstants, \.fusesElementwise, \.finishesProducts,
      \.recomputesQuickValues, \.readsSlicesInPlace, \.joinsInPlace, \.schedulesForMemory,
      \.reusesMemory, \.updatesInPlace, \.runsStepsTogether,
    ] as [WritableKeyPath<CompileOptions, Bool>] {
      var options = CompileOptions()
      options[keyPath: path] = false
      let (changed, program) = try bits(number, options: options)
      #expect(changed == reference, "without \(path)")
      #expect(optimised.stepCount <= program.stepCount)
      if path == \.reusesMemory { #expect(optimised.arenaBytes <= program.arenaBytes) }
    }
    var plain = CompileOptions()
    plain.foldsConstants = false
    plain.fusesElementwise = false
    plain.schedulesForMemory = false
    plain.reusesMemory = false
    plain.updatesInPlace = false
    var graph = Graph.Options()
    graph.sharesSubexpressions = false
    #expect(try bits(number, graph: graph, options: plain).bits == reference, "all off")
  }

  /// Long enough that units of many operations lie between each other.
  @Test(arguments: 0..<20)
  func rewritesOfLongGraphsChangeNoBit(number: Int) throws {
    var plain = CompileOptions()
    plain.fusesElementwise = false
    plain.schedulesForMemory = false
    let reference = try bits(number, operations: 150, options: plain).bits
    #expect(try bits(number, operations: 150).bits == reference)
  }

  /// Large enough that the chunks of steps which run at the same time lie between each other.
  @Test(arguments: 0..<12)
  func stepsThatRunTogetherChangeNoBit(number: Int) throws {
    var alone = CompileOptions()
    alone.runsStepsTogether = false
    let size = (rows: 160, columns: 230, operations: 80)
    let (reference, apart) = try bits(
      number, rows: size.rows, columns: size.columns, operations: size.operations, options: alone)
    #expect(apart.stageCount == apart.stepCount)
    for threads in 1...3 {
      let (changed, program) = try bits(
        number, rows: size.rows, columns: size.columns, operations: size.operations,
        threads: threads)
      #expect(changed == reference, "\(threads) threads")
      #expect(program.stageCount < program.stepCount)
    }
  }

  /// Large enough that every kind of kernel is cut in several chunks.
  @Test(arguments: 0..<8)
  func threadsChangeNoBit(number: Int) throws {
    let reference = try bits(number, rows: 160, columns: 230).bits
    for threads in 2...3 {
      let changed = try bits(number, rows: 160, columns: 230, threads: threads).bits
      #expect(changed == reference, "\(threads) threads")
    }
  }
}
