import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine
import TensorEngineChecks
import Testing

/// A layer with an input that suits it, its type forgotten.
struct GradientSample: Sendable, CustomStringConvertible {
  let description: String
  /// The largest error of the derived gradients of the input and of every parameter.
  let largestError: @Sendable () throws -> Double

  init(_ name: String, _ layer: some Layer, input: Shape) {
    description = name
    let numbers = normalNumbers(input, "input")
    let record = TensorRecord(name: "x", shape: input.dimensions, values: numbers.scalars)
    largestError = {
      try largestGradientError(of: layer, inputs: [record], .training) { $0($1[0], mode: $2) }
    }
  }
}

@Suite struct GradientTests {
  private static var layers: [GradientSample] {
    var random = RandomStream(seed: 2, name: "weights")
    let window = ConvolutionGeometry(stride: 2, padding: 1)
    let convolutions = ConvolutionSample.all.flatMap { sample in
      let input: Shape = [2, sample.inputs, sample.height, sample.width]
      return [
        GradientSample("Conv2D \(sample)", sample.convolution(), input: input),
        GradientSample("ConvTranspose2D \(sample)", sample.transposed(), input: input),
      ]
    }
    return convolutions + GradientSample.recurrent + [
      GradientSample(
        "a small network",
        Sequential(
          Conv2D(1, 2, kernelSize: 4, window, activation: .silu, random: &random), Flatten(),
          [Dense(8, 6, activation: .elu, random: &random), Dense(6, 8, random: &random)],
          Reshape([2, 2, 2]),
          ConvTranspose2D(2, 1, kernelSize: 4, window, activation: .sigmoid, random: &random)),
        input: [3, 1, 4, 4])
    ]
  }

  @Test(arguments: layers)
  func ofLayersEqualCentralDifferences(sample: GradientSample) throws {
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
      { Losses.huber(prediction: $0[0], target: $0[1]) },
      { Losses.hinge(prediction: $0[0], target: 2 * $0[1] - 1.2) },
      { Losses.klDivergence(logPrediction: $0[0], target: $0[1] + 0.1) },
      { Losses.cosineDistance(prediction: $0[0], target: $0[1]) },
      { Losses.softmaxCrossEntropy(logits: $0[0] / 10, targets: $0[1], smoothing: 0.1) },
    ] as [([Tensor]) -> Tensor] {
      let outcome = try GradientCheck.run(at: [a, b], order: order, of: loss)
      #expect(outcome.compared == 12)
      #expect(outcome.largestError < (order == 1 ? 1e-8 : 1e-5), "\(outcome.place)")
    }
  }
}
