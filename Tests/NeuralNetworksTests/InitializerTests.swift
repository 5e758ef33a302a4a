import NeuralNetworks
import Randomness
import TensorEngine
import Testing

/// A kind of initialiser and what it promises.
struct InitializerSample: Sendable, CustomStringConvertible {
  let description: String
  let initializer: Initializer
  /// The variance for a number of inputs and one of outputs.
  let variance: @Sendable (_ inputs: Double, _ outputs: Double) -> Double
  let isUniform: Bool

  static let all = [
    InitializerSample(
      description: "glorotUniform", initializer: .glorotUniform, variance: { 2 / ($0 + $1) },
      isUniform: true),
    InitializerSample(
      description: "glorotNormal", initializer: .glorotNormal, variance: { 2 / ($0 + $1) },
      isUniform: false),
    InitializerSample(
      description: "heUniform", initializer: .heUniform, variance: { inputs, _ in 2 / inputs },
      isUniform: true),
    InitializerSample(
      description: "heNormal", initializer: .heNormal, variance: { inputs, _ in 2 / inputs },
      isUniform: false),
    InitializerSample(
      description: "lecunUniform", initializer: .lecunUniform,
      variance: { inputs, _ in 1 / inputs }, isUniform: true),
    InitializerSample(
      description: "lecunNormal", initializer: .lecunNormal,
      variance: { inputs, _ in 1 / inputs }, isUniform: false),
    InitializerSample(
      description: "heNormalOfOutputs", initializer: .heNormalOfOutputs,
      variance: { _, outputs in 2 / outputs }, isUniform: false),
    InitializerSample(
      description: "normal", initializer: .normal(deviation: 0.02),
      variance: { _, _ in 0.0004 }, isUniform: false),
  ]
}

/// A kind of layer, with the inputs of one of its outputs and the outputs of one of its inputs.
enum WeightedLayer: CaseIterable {
  case dense, convolution, groupedConvolution, transposedConvolution, stridedTransposedConvolution

  var fans: (inputs: Double, outputs: Double) {
    switch self {
    case .dense: (300, 200)
    case .convolution: (40 * 9, 60 * 9)
    case .groupedConvolution: (20 * 9, 30 * 9)
    case .transposedConvolution: (40 * 9, 60 * 9)
    // A 4 x 4 window that steps by 2 reaches each pixel with 4 of its 16 taps.
    case .stridedTransposedConvolution: (40 * 4, 60 * 16)
    }
  }

  func weight(_ initializer: Initializer, seed: UInt64) -> TensorValue<Float> {
    var random = RandomStream(seed: seed, name: "weights")
    return switch self {
    case .dense: Dense(300, 200, initializer: initializer, random: &random).weight.value
    case .convolution:
      Conv2D(40, 60, kernelSize: 3, initializer: initializer, random: &random).weight.value
    case .groupedConvolution:
      Conv2D(
        40, 60, kernelSize: 3, .init(groups: 2), initializer: initializer, random: &random
      ).weight.value
    case .transposedConvolution:
      ConvTranspose2D(
        40, 60, kernelSize: 3, initializer: initializer, random: &random
      ).weight.value
    case .stridedTransposedConvolution:
      ConvTranspose2D(
        40, 60, kernelSize: 4, .init(stride: 2, padding: 1), initializer: initializer,
        random: &random
      ).weight.value
    }
  }
}

@Suite struct InitializerTests {
  /// Mean and variance within five standard errors; of n numbers of kurtosis k they are the root of
  /// variance / n, and variance times the root of (k - 1) / n.
  @Test(arguments: InitializerSample.all, WeightedLayer.allCases)
  func hasItsMeanAndVariance(sample: InitializerSample, layer: WeightedLayer) {
    let weights = layer.weight(sample.initializer, seed: 11).scalars.map { Double($0) }
    let variance = sample.variance(layer.fans.inputs, layer.fans.outputs)
    let count = Double(weights.count)
    let mean = weights.reduce(0, +) / count
    let spread = weights.reduce(0) { $0 + $1 * $1 } / count
    let kurtosis = sample.isUniform ? 1.8 : 3.0
    #expect(mean.magnitude < 5 * (variance / count).squareRoot())
    #expect((spread - variance).magnitude < 5 * variance * ((kurtosis - 1) / count).squareRoot())
    let largest = weights.map(\.magnitude).max() ?? 0
    let bound = (3 * variance).squareRoot()
    #expect(sample.isUniform ? largest <= bound * (1 + 1e-6) : largest > bound)
  }

  @Test(arguments: WeightedLayer.allCases)
  func dependsOnTheStreamAlone(layer: WeightedLayer) {
    let weight = layer.weight(.heNormal, seed: 1)
    #expect(layer.weight(.heNormal, seed: 1) == weight)
    #expect(layer.weight(.heNormal, seed: 2) != weight)
  }

  /// Weights are drawn when they are asked for, as if each had been drawn when its layer was made.
  @Test(arguments: [Initializer.glorotUniform, .heNormal])
  func layersShareAStreamOneAfterTheOther(initializer: Initializer) {
    func layers() -> [Dense] {
      var random = RandomStream(seed: 1, name: "weights")
      return (0..<3).map { _ in Dense(3, 5, initializer: initializer, random: &random) }
    }
    let forward = layers().map(\.weight.value.scalars)
    #expect(Array(layers().reversed().map(\.weight.value.scalars).reversed()) == forward)
    #expect(Set(forward).count == 3)
  }

  @Test func startsBiasesAtZero() {
    var random = RandomStream(seed: 1, name: "weights")
    #expect(Dense(2, 3, random: &random).bias?.value.scalars == [0, 0, 0])
    #expect(Conv2D(2, 3, kernelSize: 1, random: &random).bias?.value.scalars == [0, 0, 0])
    #expect(ConvTranspose2D(3, 2, kernelSize: 1, random: &random).bias?.value.scalars == [0, 0])
  }
}
