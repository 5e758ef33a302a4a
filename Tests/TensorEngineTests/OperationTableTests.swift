import TensorEngine
import TensorEngineChecks
import Testing

/// Every check here runs over the table of samples, which covers the registry.
@Suite struct OperationTableTests {
  @Test func everyOperationHasSamples() {
    let covered = Set(OperationSample.all.map(\.operation))
    let leaves = ["input", "state", "constant"]
    #expect(covered == Set(OperationRegistry.operations.map(\.name) + leaves))
    let names = OperationRegistry.operations.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: OperationSample.all)
  func theSampleTracesItsOperation(sample: OperationSample) throws {
    let graph = Graph(options: unsimplified)
    let (leaves, result) = sample.trace(in: graph)
    let gradient = graph.gradients(of: result.sum(), withRespectTo: leaves)
    #expect(gradient.map(\.shape) == sample.shapes)
    let operation = OperationRegistry.operation(named: sample.operation)
    let recorded = operation.map(\.primitiveName) ?? sample.operation
    if let recorded { #expect(graph.operationNames.contains(recorded)) }
  }

  /// No primitive is out of the samples' sight.
  @Test func everyPrimitiveIsRecorded() {
    var recorded: Set<String> = []
    for sample in OperationSample.all {
      let graph = Graph(options: unsimplified)
      let (leaves, result) = sample.trace(in: graph)
      _ = graph.gradients(of: result.square().sum(), withRespectTo: leaves)
      recorded.formUnion(graph.operationNames)
    }
    #expect(recorded == Set(OperationRegistry.names))
  }

  /// Gradients of both orders against central differences, over every sample and its variants.
  @Test(arguments: OperationRegistry.operations.map(\.name))
  func gradientsAreAsPromised(name: String) throws {
    let check = try OperationCheck(#require(OperationRegistry.operation(named: name)))
    #expect(check.failures.isEmpty)
    #expect(check.samples >= 8)
  }

  @Test(
    arguments: OperationSample.all.filter { ["input", "state", "constant"].contains($0.operation) })
  func gradientsReachLeaves(sample: OperationSample) throws {
    let outcome = try GradientCheck.run(at: sample.operands(), of: sample.build)
    #expect(outcome.largestError <= sample.tolerance)
    #expect(outcome.compared > 0)
  }

  @Test(arguments: OperationSample.all)
  func floatAgreesWithDouble(sample: OperationSample) throws {
    let single = try results(of: sample, as: Float.self)
    let double = try results(of: sample, as: Double.self)
    for (a, b) in zip(single, double) {
      let scale = b.scalars.map(\.magnitude).max() ?? 1
      for (x, y) in zip(a.scalars, b.scalars) {
        #expect((Double(x) - y).magnitude <= 2e-5 * max(1, scale), "\(sample)")
      }
    }
  }

  /// Every rewrite has an off switch, and on equals off to the bit.
  @Test(arguments: OperationSample.all)
  func rewritesChangeNoBit(sample: OperationSample) throws {
    let reference = try results(of: sample, as: Float.self)
    for path in [
      \CompileOptions.foldsConstants, \.fusesElementwise, \.reusesMemory, \.updatesInPlace,
    ] as [WritableKeyPath<CompileOptions, Bool>] {
      var options = CompileOptions()
      options[keyPath: path] = false
      #expect(try results(of: sample, as: Float.self, options: options) == reference, "\(sample)")
    }
    var shared = Graph.Options()
    shared.sharesSubexpressions = false
    #expect(try results(of: sample, as: Float.self, graph: shared) == reference, "\(sample)")
  }

  @Test(arguments: OperationSample.all)
  func threadsChangeNoBit(sample: OperationSample) throws {
    let reference = try results(of: sample, as: Float.self)
    for threads in [2, 3] {
      #expect(try results(of: sample, as: Float.self, threads: threads) == reference, "\(sample)")
    }
  }

  private var unsimplified: Graph.Options {
    var options = Graph.Options()
    options.simplifies = false
    return options
  }

  /// The result and the gradients of a sample.
  private func results<Scalar: KernelScalar>(
    of sample: OperationSample, as: Scalar.Type, options: CompileOptions = .init(),
    graph graphOptions: Graph.Options = .init(), threads: Int = 1
  ) throws -> [TensorValue<Scalar>] {
    let graph = Graph(options: graphOptions)
    let (leaves, result) = sample.trace(in: graph)
    var outputs = ["y": result]
    for (index, gradient) in graph.gradients(of: result.square().sum(), withRespectTo: leaves)
      .enumerated()
    {
      outputs["g\(index)"] = gradient
    }
    let workspace = Workspace<Scalar>(threads: threads, seed: 9)
    let program = workspace.load(
      try graph.compile(outputs, as: Scalar.self, options: options))
    sample.setInputs(of: program)
    program.run(step: 3)
    return outputs.keys.sorted().map { program[$0] }
  }
}
