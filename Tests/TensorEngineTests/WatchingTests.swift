import TensorEngine
import Testing

/// Values that are marked are seen as they are made, and settings hold until they are given anew.
@Suite struct WatchingTests {
  /// w = w - rate · relu(x w) with marks in a chain, at a product and at a view of one.
  private func load(fuses: Bool) throws -> (Workspace<Float>, LoadedProgram<Float>) {
    let graph = Graph()
    let x = graph.input("x", shape: [2, 2])
    let weight = graph.state("w", initial: TensorValue(shape: [2, 2], scalars: [1, -2, 3, 4]))
    let product = x.matmul(weight)
    let inner = graph.layer("inner", kind: "relu") { product.relu() }
    graph.mark(product, as: Mark(.gradient, of: "product"))
    graph.mark(product.reshaped(to: [4]), as: Mark(.gradient, of: "view"))
    let change = graph.setting("rate", initial: 0.5) * inner
    graph.mark(change, as: Mark(.change, of: "w"))
    graph.mark(weight, as: Mark(.gradient, of: "leaf"))
    graph.update(weight, to: weight - change)
    var options = CompileOptions()
    options.fusesElementwise = fuses
    let program: Program<Float> = try graph.compile(
      ["sum": (change * product).sum()], options: options)
    let workspace = Workspace<Float>(threads: 2, seed: 0)
    let loaded = workspace.load(program)
    loaded.set("x", to: [1, 0, 1, 1] as [Float])
    return (workspace, loaded)
  }

  @Test(arguments: [true, false])
  func markedValuesAreSeenInAndOutOfChains(fuses: Bool) throws {
    let (workspace, loaded) = try load(fuses: fuses)
    var seen: [Mark: TensorValue<Float>] = [:]
    workspace.watch {
      loaded.run(step: 0)
    } see: {
      seen[$0] = $1
    }
    // x w is [[1, -2], [4, 2]].
    #expect(seen[Mark(.activation, of: "inner", kind: "relu")]?.scalars == [1, 0, 4, 2])
    #expect(seen[Mark(.change, of: "w")]?.scalars == [0.5, 0, 2, 1])
    #expect(seen[Mark(.gradient, of: "product")]?.scalars == [1, -2, 4, 2])
    #expect(seen[Mark(.gradient, of: "view")]?.shape == [4])
    #expect(seen[Mark(.gradient, of: "leaf")] == nil)
    #expect(workspace[state: "w"].scalars == [0.5, -2, 1, 3])
  }

  @Test(arguments: [true, false])
  func watchingChangesNothing(fuses: Bool) throws {
    let (workspace, watched) = try load(fuses: fuses)
    let (other, plain) = try load(fuses: fuses)
    for step in 0..<3 {
      workspace.watch {
        watched.run(step: step)
      } see: { _, _ in
      }
      plain.run(step: step)
    }
    #expect(watched["sum"] == plain["sum"])
    #expect(workspace[state: "w"] == other[state: "w"])
  }

  @Test func aSettingIsNoState() throws {
    let (workspace, loaded) = try load(fuses: true)
    #expect(workspace.stateNames == ["w"])
    #expect(workspace.settingNames == ["rate"])
    #expect(loaded.program.stateNames == ["w"])
    workspace[state: "rate"] = TensorValue(repeating: 2, shape: [])
    loaded.run(step: 0)
    #expect(workspace[state: "w"].scalars == [-1, -2, -5, 0])
    loaded.run(step: 1)
    #expect(workspace[state: "rate"].scalars == [2])
  }
}
