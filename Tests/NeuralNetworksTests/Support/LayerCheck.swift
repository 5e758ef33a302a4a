import FileFormats
import NeuralNetworks
import TensorEngine

/// What a module makes of its inputs.
typealias Application<Checked> = @Sendable (Checked, [Tensor], Mode) -> Tensor

/// What a layer does wrong, a sentence a fault; none for a good one.
///
/// It is a good module; its parameters have PyTorch's names and shapes; it gives the shape that is
/// documented and PyTorch's numbers; it tells training from inference if it says so, and not
/// otherwise; inference changes no state; its bits do not depend on the threads; its gradients are
/// those that are measured, in both modes.
func layerFaults<Checked: Module>(
  _ module: Checked, _ fixture: LayerFixture, shape: Shape, changesInTraining: Bool,
  _ apply: @escaping Application<Checked>
) throws -> [String] {
  var faults = try moduleFaults(module)
  let (paths, expected) = (module.states().map(\.path), fixture.parameters.map(\.name))
  if paths.sorted() != expected.sorted() {
    return faults + ["It has the parameters \(paths), PyTorch's has \(expected)."]
  }
  var loaded = module
  try loaded.load(fixture.parameters)

  let run = { (mode: Mode, threads: Int) in
    try LayerRun(loaded, fixture.inputs, mode, threads: threads, apply)
  }
  let (inference, training) = (try run(.inference, 1), try run(.training, 1))
  for (mode, result) in [("inference", inference), ("training", training)]
  where result.value.shape != shape {
    faults.append("In \(mode) it gives \(result.value.shape).")
  }
  let error = largestError(inference.value.scalars, fixture.result)
  if !(error < 1e-5) { faults.append("It is \(error) away from PyTorch.") }
  if let trained = fixture.trained {
    let error = largestError(training.value.scalars, trained)
    if !(error < 1e-5) { faults.append("In training it is \(error) away from PyTorch.") }
  }
  let difference = largestError(
    training.value.scalars, inference.value.scalars.map { Double($0) })
  if changesInTraining != (difference > 1e-5) {
    faults.append("Training is \(difference) away from inference.")
  }
  for (path, parameter) in loaded.states()
  where inference.states["layer.\(path)", default: parameter.value] != parameter.value {
    faults.append("Inference changes \(path).")
  }
  for mode in [Mode.inference, .training] where try run(mode, 1).value != run(mode, 2).value {
    faults.append("In \(mode) two threads give other bits than one.")
  }
  for mode in [Mode.inference, .training] {
    let error = try largestGradientError(of: loaded, inputs: fixture.inputs, mode, apply)
    if !(error < 1e-7) { faults.append("In \(mode) a gradient is \(error) off.") }
  }
  return faults
}

/// One run of a layer.
private struct LayerRun {
  let value: TensorValue<Float>
  /// The states afterwards.
  let states: [String: TensorValue<Float>]

  init<Checked: Module>(
    _ module: Checked, _ inputs: [TensorRecord], _ mode: Mode, threads: Int,
    _ apply: Application<Checked>
  ) throws {
    let graph = Graph()
    let tensors = inputs.enumerated().map { place, record in
      graph.input(
        "x\(place)", shape: Shape(record.shape),
        type: record.elementType == .int32 ? .index : .real)
    }
    let y = apply(graph.bind(module, as: "layer"), tensors, mode)
    let workspace = Workspace<Float>(threads: threads, seed: 1)
    let program = workspace.load(try graph.compile(["y": y]))
    for (place, record) in inputs.enumerated() {
      if let numbers: [Float] = record.values() { program.set("x\(place)", to: numbers) }
      if let positions: [Int32] = record.values() { program.set("x\(place)", to: positions) }
    }
    program.run(step: 0)
    value = program["y"]
    states = Dictionary(
      uniqueKeysWithValues: workspace.stateNames.map { ($0, workspace[state: $0]) })
  }
}

/// The largest |derived - measured| / max(1, |measured|) over the gradients of a weighted sum of a
/// layer's result with respect to its real inputs and its parameters, in Double; measured by central
/// differences. The inputs are states of the graph like the parameters, so that all are moved alike.
func largestGradientError<Checked: Module>(
  of module: Checked, inputs: [TensorRecord], _ mode: Mode, _ apply: Application<Checked>
) throws -> Double {
  let graph = Graph()
  var sources: [(name: String, tensor: Tensor)] = []
  let tensors = inputs.enumerated().map { place, record in
    let shape = Shape(record.shape)
    guard let numbers: [Float] = record.values() else {
      let positions: [Int32] = record.values() ?? []
      return graph.constant(positions.map { Double($0) }, shape: shape).index()
    }
    let state = graph.state("x\(place)", initial: TensorValue(shape: shape, scalars: numbers))
    sources.append(("x\(place)", state))
    return state
  }
  let bound = graph.bind(module, as: "layer")
  let y = apply(bound, tensors, mode)
  let weights = normalNumbers(y.shape, "cotangent").scalars.map { Double($0) }
  let loss = (y * graph.constant(weights, shape: y.shape)).sum()
  sources += bound.tensors(in: graph)
  var outputs = ["loss": loss]
  for (source, gradient) in zip(
    sources, graph.gradients(of: loss, withRespectTo: sources.map(\.tensor)))
  {
    outputs[source.name] = gradient
  }
  let workspace = Workspace<Double>(threads: 1, seed: 1)
  // Running statistics stay where they are, so that every run sees the same.
  var options = CompileOptions()
  options.includesUpdates = false
  let derived = workspace.load(try graph.compile(outputs, as: Double.self, options: options))
  let value = workspace.load(
    try graph.compile(["loss": loss], as: Double.self, options: options))
  derived.run(step: 0)
  let gradients = sources.map { derived[$0.name].scalars }

  let step = 1e-5
  var worst = 0.0
  for (source, gradient) in zip(sources, gradients) where workspace.stateNames.contains(source.name)
  {
    let original = workspace[state: source.name]
    for element in original.scalars.indices {
      let sides = [step, -step].map { change in
        var moved = original
        moved.scalars[element] += change
        workspace[state: source.name] = moved
        value.run(step: 0)
        return value["loss"].scalars[0]
      }
      let measured = (sides[0] - sides[1]) / (2 * step)
      let error = (gradient[element] - measured).magnitude / max(1, measured.magnitude)
      if !(error <= worst) { worst = error }
    }
    workspace[state: source.name] = original
  }
  return worst
}
