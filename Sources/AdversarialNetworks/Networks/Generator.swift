import NeuralNetworks
import Randomness
import TensorEngine

/// From latent points [N, latentSize], and what is told beside them as [N, width], to samples: images
/// [N, C, H, W] in -1 ... 1, or points [N, dimensions].
struct Generator: Module {
  var layers: [AnyLayer]
  /// From a class to its embedding, if there is one.
  var embedding: [AnyLayer] = []

  static let fields: [Field<Generator>] = [
    .module("layers", \.layers), .module("embedding", \.embedding),
  ]

  /// - Parameters:
  ///   - sample: the shape of a sample.
  ///   - conditioning: what is told beside the latent point; nil for nothing.
  init(
    _ configuration: NetworkConfiguration, latentSize: Int, sample: Shape,
    conditioning: Conditioning? = nil, random: inout RandomStream
  ) {
    var inputs = latentSize + (conditioning?.width ?? 0)
    if let conditioning, conditioning.kind == .embedding {
      let (classes, size) = (conditioning.classCount, conditioning.embeddingSize)
      embedding = [AnyLayer(Dense(classes, size, usesBias: false, random: &random))]
      inputs = latentSize + size
    }
    switch configuration.architecture {
    case .mlp:
      layers = Self.dense(inputs, configuration.hidden, sample, &random)
    case .conv:
      layers = Self.convolutions(inputs, configuration.channels, sample, &random)
    case .residual:
      layers = Self.residual(inputs, configuration.channels, sample, &random)
    }
    if sample.rank == 3 { layers.append(AnyLayer(Activation.tanh)) }
  }

  func callAsFunction(_ latents: Tensor, codes: Tensor?, mode: Mode) -> Tensor {
    let graph = latents.graph
    return graph.scoped("generator") {
      let told = codes.map { codes in graph.scoped("embedding") { embedding(codes, mode: mode) } }
      let inputs = told.map { Tensor.concatenate([latents, $0], axis: 1) } ?? latents
      return graph.scoped("layers") { layers(inputs, mode: mode) }
    }
  }

  /// Dense layers with ReLU.
  private static func dense(
    _ inputs: Int, _ hidden: [Int], _ sample: Shape, _ random: inout RandomStream
  ) -> [AnyLayer] {
    var layers: [AnyLayer] = []
    for (inputs, outputs) in zip([inputs] + hidden, hidden) {
      layers.append(
        AnyLayer(
          Dense(inputs, outputs, activation: .relu, initializer: .heNormal, random: &random)))
    }
    layers.append(AnyLayer(Dense(hidden.last ?? inputs, sample.count, random: &random)))
    return sample.rank == 1 ? layers : layers + [AnyLayer(Reshape(sample))]
  }

  /// DCGAN's generator (Radford, Metz and Chintala, "Unsupervised representation learning with
  /// deep convolutional generative adversarial networks", 2016): transposed convolutions that
  /// double the image, with batches normalised before each ReLU.
  private static func convolutions(
    _ inputs: Int, _ channels: [Int], _ sample: Shape, _ random: inout RandomStream
  ) -> [AnyLayer] {
    let widths = Array(channels.reversed()) + [sample[0]]
    let first = innermost(widths[0], sample, halvings: channels.count)
    var layers = [
      AnyLayer(
        Dense(
          inputs, first.count, usesBias: false, initializer: .deepConvolutional, random: &random)),
      AnyLayer(Reshape(first)),
    ]
    for (stage, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      let isLast = stage == channels.count - 1
      layers += [
        AnyLayer(BatchNorm(inputs)), AnyLayer(Activation.relu),
        AnyLayer(
          ConvTranspose2D(
            inputs, outputs, kernelSize: 4, .init(stride: 2, padding: 1), usesBias: isLast,
            initializer: .deepConvolutional, random: &random)),
      ]
    }
    return layers
  }

  /// Residual blocks that double the image (Miyato et al. 2018, table 4).
  ///
  /// Differs from the paper: classes are given with the latent point, not by the norms.
  private static func residual(
    _ inputs: Int, _ channels: [Int], _ sample: Shape, _ random: inout RandomStream
  ) -> [AnyLayer] {
    let widths = Array(channels.reversed())
    let first = innermost(widths[0], sample, halvings: channels.count)
    var layers = [
      AnyLayer(Dense(inputs, first.count, random: &random)), AnyLayer(Reshape(first)),
    ]
    func convolution(
      _ inputs: Int, _ outputs: Int, _ size: Int, _ random: inout RandomStream
    ) -> AnyLayer {
      AnyLayer(
        Conv2D(inputs, outputs, kernelSize: size, .init(padding: size / 2), random: &random))
    }
    for (inputs, outputs) in zip(widths, widths.dropFirst() + widths.suffix(1)) {
      layers.append(
        AnyLayer(
          ResidualBlock(
            inputs, outputs, .double, usesNorms: true, random: &random, convolution: convolution)))
    }
    let last = widths[widths.count - 1]
    return layers + [
      AnyLayer(BatchNorm(last)), AnyLayer(Activation.relu),
      convolution(last, sample[0], 3, &random),
    ]
  }

  /// The smallest image.
  private static func innermost(_ channels: Int, _ sample: Shape, halvings: Int) -> Shape {
    [channels, sample[1] >> halvings, sample[2] >> halvings]
  }
}

extension Initializer {
  /// DCGAN's: normal with deviation 0.02.
  static let deepConvolutional = Initializer.normal(deviation: 0.02)
}
