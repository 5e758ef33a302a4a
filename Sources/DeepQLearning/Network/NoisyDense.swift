import NeuralNetworks
import Randomness
import TensorEngine

/// A dense layer whose weights carry noise of learnt size: it explores by itself, and less where it
/// has become sure (Fortunato et al., "Noisy networks for exploration", 2018, with factorised noise).
struct NoisyDense: Layer {
  /// [outFeatures, inFeatures]
  var weight: Parameter
  /// [outFeatures]
  var bias: Parameter
  /// The size of the noise, as `weight` and `bias`.
  var weightDeviation: Parameter
  var biasDeviation: Parameter

  static let fields: [Field<NoisyDense>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
    .parameter("weight_deviation", \.weightDeviation),
    .parameter("bias_deviation", \.biasDeviation),
  ]

  /// The paper's σ₀.
  private static let initialDeviation = 0.5

  init(_ inFeatures: Int, _ outFeatures: Int, random: inout RandomStream) {
    let mean = Dense(
      inFeatures, outFeatures, initializer: .uniformOfInputs, random: &random)
    let deviation = Float(Self.initialDeviation / Double(inFeatures).squareRoot())
    weight = mean.weight
    bias = Parameter(TensorValue(repeating: 0, shape: [outFeatures]))
    weightDeviation = Parameter(TensorValue(repeating: deviation, shape: weight.shape))
    biasDeviation = Parameter(TensorValue(repeating: deviation, shape: [outFeatures]))
  }

  /// Applies the layer; without noise in inference. One noise serves the whole batch.
  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let graph = x.graph
    let plain = x.matmul(graph[weight].transposed()) + graph[bias]
    guard mode == .training else { return plain }
    let inputNoise = Self.shaped(graph.randomNormal([1, weight.shape[1]], stream: "layer noise"))
    let outputNoise = Self.shaped(graph.randomNormal([weight.shape[0]], stream: "layer noise"))
    // (x · (σ ∘ (b aᵀ))ᵀ) = b ∘ ((x ∘ a) · σᵀ): the noise of the weight need not be laid out.
    let noisy = (x * inputNoise).matmul(graph[weightDeviation].transposed())
    return plain + outputNoise * (noisy + graph[biasDeviation])
  }

  /// sign(x) √|x|
  private static func shaped(_ noise: Tensor) -> Tensor { noise.sign() * noise.abs().sqrt() }
}
