import NeuralNetworks
import Randomness
import TensorEngine
import TensorEngineChecks
import Testing

/// A layer with an input that suits it, its type forgotten.
struct LayerSample: Sendable, CustomStringConvertible {
  let description: String
  /// The largest error of the derived gradients of the input and of every parameter.
  let largestError: @Sendable () throws -> Double

  init(_ name: String, _ layer: some Layer, input: Shape) {
    description = name
    largestError = { try largestGradientError(of: layer, input: input) }
  }
}

/// The largest |derived - measured| / max(1, |measured|) over the gradients of a weighted sum of a
/// layer's result with respect to its input and its parameters, in Double; measured by central
/// differences. The input is a state of the graph like the parameters, so that all are moved alike.
private func largestGradientError(of layer: some Layer, input: Shape) throws -> Double {
  let graph = Graph()
  let x = graph.state("input", initial: normalNumbers(input, "input"))
  let bound = graph.bind(layer, as: "layer")
  let y = bound(x, mode: .training)
  let weights = normalNumbers(y.shape, "cotangent").scalars.map { Double($0) }
  let loss = (y * graph.constant(weights, shape: y.shape)).sum()
  let sources = [(name: "input", tensor: x)] + bound.tensors(in: graph)
  var outputs = ["loss": loss]
  for (source, gradient) in zip(
    sources, graph.gradients(of: loss, withRespectTo: sources.map(\.tensor)))
  {
    outputs[source.name] = gradient
  }
  let workspace = Workspace<Double>(threads: 1, seed: 1)
  let derived = workspace.load(try graph.compile(outputs, as: Double.self))
  let value = workspace.load(try graph.compile(["loss": loss], as: Double.self))
  derived.run(step: 0)
  let gradients = sources.map { derived[$0.name].scalars }

  let step = 1e-5
  var worst = 0.0
  for (source, gradient) in zip(sources, gradients) {
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
      worst = max(worst, (gradient[element] - measured).magnitude / max(1, measured.magnitude))
    }
    workspace[state: source.name] = original
  }
  return worst
}

@Suite struct GradientTests {
  private static var layers: [LayerSample] {
    var random = RandomStream(seed: 2, name: "weights")
    let window = ConvolutionGeometry(stride: 2, padding: 1)
    let convolutions = ConvolutionSample.all.flatMap { sample in
      let input: Shape = [2, sample.inputs, sample.height, sample.width]
      return [
        LayerSample("Conv2D \(sample)", sample.convolution(), input: input),
        LayerSample("ConvTranspose2D \(sample)", sample.transposed(), input: input),
      ]
    }
    return convolutions + LayerSample.recurrent + [
      LayerSample("BatchNorm", BatchNorm(3), input: [4, 3, 2, 5]),
      LayerSample("BatchNorm of features", BatchNorm(3), input: [6, 3]),
      LayerSample("InstanceNorm", InstanceNorm(3), input: [2, 3, 3, 4]),
      LayerSample(
        "InstanceNorm without parameters", InstanceNorm(3, isAffine: false), input: [2, 3, 7]),
      LayerSample("Dense", Dense(4, 3, activation: .tanh, random: &random), input: [5, 4]),
      LayerSample(
        "Dense without bias", Dense(4, 3, usesBias: false, random: &random), input: [5, 4]),
      LayerSample(
        "a small network",
        Sequential(
          Conv2D(1, 2, kernelSize: 4, window, activation: .silu, random: &random), Flatten(),
          [Dense(8, 6, activation: .elu, random: &random), Dense(6, 8, random: &random)],
          Reshape([2, 2, 2]),
          ConvTranspose2D(2, 1, kernelSize: 4, window, activation: .sigmoid, random: &random)),
        input: [3, 1, 4, 4]),
    ]
  }

  @Test(arguments: layers)
  func ofLayersEqualCentralDifferences(sample: LayerSample) throws {
    #expect(try sample.largestError() < 1e-8)
  }

  /// Away from 0, where some have a corner.
  @Test(arguments: Activation.allCases, [1, 2])
  func ofActivationsEqualCentralDifferences(activation: Activation, order: Int) throws {
    let points = TensorValue(shape: [8], scalars: [-4, -2.5, -1, -0.2, 0.3, 0.9, 2, 5])
    let outcome = try GradientCheck.run(at: [points], order: order) { activation($0[0]) }
    #expect(outcome.compared == 8)
    #expect(outcome.largestError < (order == 1 ? 1e-8 : 1e-6), "\(outcome.place)")
  }

  @Test(arguments: [1, 2])
  func ofLossesEqualCentralDifferences(order: Int) throws {
    let a = TensorValue(shape: [6], scalars: [-30, -2, -0.1, 0.4, 3, 25])
    let b = TensorValue(shape: [6], scalars: [0, 0.25, 1, 0.7, 0, 0.9])
    for loss in [
      { Losses.sigmoidCrossEntropy(logits: $0[0], targets: $0[1]) },
      { Losses.gaussianKL(mean: $0[0], logVariance: $0[1]) },
      { Losses.squaredError(prediction: $0[0], target: $0[1]) },
    ] as [([Tensor]) -> Tensor] {
      let outcome = try GradientCheck.run(at: [a, b], order: order, of: loss)
      #expect(outcome.compared == 12)
      #expect(outcome.largestError < (order == 1 ? 1e-8 : 1e-5), "\(outcome.place)")
    }
  }
}
