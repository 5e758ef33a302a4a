import TensorEngine
import Testing

/// Runs that are looked at result by result: they say where a number stopped being finite, and
/// change nothing.
@Suite struct InspectionTests {
  /// `state = state · 1e10`, and y = log(exp(2x) - 1) · (x w), with the layers "inner" and "outer".
  private func load(
    x: [Float], fuses: Bool = true
  ) throws -> (Workspace<Float>, LoadedProgram<Float>) {
    let graph = Graph()
    let input = graph.input("x", shape: [2, 3])
    let weight = graph.state("w", initial: TensorValue(repeating: 1e20, shape: [3, 3]))
    let large = graph.scoped("inner") { (2 * input).exp() }
    let y = graph.scoped("outer") { (large - 1).log() } * input.matmul(weight)
    graph.update(weight, to: weight * 1e10)
    var options = CompileOptions()
    options.fusesElementwise = fuses
    let program: Program<Float> = try graph.compile(["y": y], options: options)
    let workspace = Workspace<Float>(threads: 2, seed: 0)
    let loaded = workspace.load(program, named: "test")
    loaded.set("x", to: x)
    return (workspace, loaded)
  }

  struct Sample: Sendable {
    let x: [Float]
    /// What gives a number that is not finite first, or nil when nothing does.
    var operation: String?
    var layer = ""
    var value = ""
  }

  @Test(
    arguments: [true, false],
    [
      Sample(x: [1, 2, 3, 4, 5, 6]),
      Sample(x: [1, 2, 3, 4, 5, 100], operation: "exp", layer: "inner", value: "inf"),
      Sample(x: [1, 2, 3, 4, 0, 6], operation: "log", layer: "outer", value: "-inf"),
      Sample(x: [1, 2, 3, -4, 5, 6], operation: "log", layer: "outer", value: "nan"),
      Sample(x: [1, 2, .nan, 4, 5, 6], operation: "input 'x'", value: "nan"),
    ])
  func theFirstOperationIsFoundInAndOutOfChains(fuses: Bool, sample: Sample) throws {
    let (workspace, loaded) = try load(x: sample.x, fuses: fuses)
    let origin = workspace.findNonFinite { loaded.run(step: 0) }
    #expect(origin?.operation == sample.operation)
    guard let origin else { return }
    #expect(origin.layer == sample.layer)
    #expect(origin.program == "test")
    // The sign of a NaN is nothing to rely on.
    #expect(origin.value.hasSuffix(sample.value))
  }

  @Test func aStateThatGrowsIsCaughtInItsOwnMemory() throws {
    let (workspace, loaded) = try load(x: [1, 2, 3, 4, 5, 6])
    #expect(workspace.findNonFinite { loaded.run(step: 0) } == nil)
    #expect(workspace.nonFiniteState() == nil)
    let origin = workspace.findNonFinite { loaded.run(step: 1) }
    #expect(origin?.operation == "mul")
    #expect(workspace.nonFiniteState()?.name == "w")
    #expect(workspace.nonFiniteState()?.value == .infinity)
    #expect(workspace.nonFiniteState(ofCountUpTo: 8) == nil)
    #expect(workspace.findNonFinite { loaded.run(step: 2) }?.operation == "state 'w'")
  }

  @Test func lookingChangesNothing() throws {
    let (workspace, inspected) = try load(x: [1, 2, 3, 4, 5, 6])
    let (other, plain) = try load(x: [1, 2, 3, 4, 5, 6])
    _ = workspace.findNonFinite { inspected.run(step: 0) }
    plain.run(step: 0)
    #expect(inspected["y"] == plain["y"])
    #expect(workspace[state: "w"] == other[state: "w"])
  }
}

@Suite struct TensorValueTests {
  @Test func numbersByARuleAreThoseOfAList() {
    let list = TensorValue<Float>(shape: [3], scalars: [2, 2, 2])
    var repeated = TensorValue<Float>(repeating: 2, shape: [3])
    let drawn = TensorValue<Float>(shape: [3]) { [2, 2, 2] }
    #expect(repeated == list && drawn == list)
    #expect(Set([list, repeated, drawn]).count == 1)
    repeated.scalars[1] = 5
    #expect(repeated.scalars == [2, 5, 2])
    #expect(repeated != list)
  }
}
