import NeuralNetworks
import Randomness
import TensorEngine

/// The parts of a variational autoencoder: images [N, C, H, W] in 0 ... 1 to the mean and log
/// variance of a latent point, and latent points [N, latentSize] to the logits of the pixels.
struct VAENetwork: Module {
  var encoder: [AnyLayer]
  var mean: Dense
  var logVariance: Dense
  var decoder: [AnyLayer]

  static let fields: [Field<VAENetwork>] = [
    .module("encoder", \.encoder), .module("mean", \.mean),
    .module("logVariance", \.logVariance), .module("decoder", \.decoder),
  ]

  /// - Parameters:
  ///   - image: [C, H, W]; with convolutions H and W must halve as often as there are channels.
  init(_ configuration: VAEConfiguration, image: Shape, random: inout RandomStream) {
    let usesConvolutions = configuration.architecture == .conv
    let channels = usesConvolutions ? configuration.channels : []
    let window = ConvolutionGeometry(stride: 2, padding: 1)
    let reduction = 1 << channels.count
    let innermost: Shape = [
      channels.last ?? image[0], image[1] / reduction, image[2] / reduction,
    ]

    encoder = []
    for (inputs, outputs) in zip([image[0]] + channels, channels) {
      encoder.append(
        AnyLayer(
          Conv2D(
            inputs, outputs, kernelSize: 4, window, activation: .relu, initializer: .heNormal,
            random: &random)))
    }
    encoder.append(AnyLayer(Flatten()))
    let widths = [innermost.count] + configuration.hidden
    encoder += Self.dense(widths, &random)

    let width = widths[widths.count - 1]
    mean = Dense(width, configuration.latentSize, random: &random)
    logVariance = Dense(width, configuration.latentSize, random: &random)

    decoder = Self.dense([configuration.latentSize] + configuration.hidden.reversed(), &random)
    let last = configuration.hidden.first ?? configuration.latentSize
    if usesConvolutions {
      decoder += Self.dense([last, innermost.count], &random)
      decoder.append(AnyLayer(Reshape(innermost)))
      let mirrored = Array(channels.reversed()) + [image[0]]
      for (stage, (inputs, outputs)) in zip(mirrored, mirrored.dropFirst()).enumerated() {
        let isLast = stage == channels.count - 1
        decoder.append(
          AnyLayer(
            ConvTranspose2D(
              inputs, outputs, kernelSize: 4, window, activation: isLast ? .identity : .relu,
              initializer: isLast ? .glorotUniform : .heNormal, random: &random)))
      }
    } else {
      decoder.append(AnyLayer(Dense(last, image.count, random: &random)))
    }
  }

  /// Dense layers with ReLU between the given widths.
  private static func dense(_ widths: [Int], _ random: inout RandomStream) -> [AnyLayer] {
    zip(widths, widths.dropFirst()).map { inputs, outputs in
      AnyLayer(
        Dense(
          inputs, outputs, activation: .relu, initializer: .heNormal, random: &random))
    }
  }

  /// The mean and log variance of the latent points of images.
  func encode(_ images: Tensor, mode: Mode) -> (mean: Tensor, logVariance: Tensor) {
    let graph = images.graph
    let features = graph.scoped("encoder") { encoder(images, mode: mode) }
    return (
      graph.layer("mean", kind: mean.kind) { mean(features, mode: mode) },
      graph.layer("logVariance", kind: logVariance.kind) { logVariance(features, mode: mode) }
    )
  }

  /// The logits of the pixels of latent points, [N, C·H·W].
  func decode(_ latents: Tensor, mode: Mode) -> Tensor {
    latents.graph.scoped("decoder") { decoder(latents, mode: mode) }.flattened()
  }
}
