import NeuralNetworks
import Randomness
import TensorEngine

/// An encoder to one latent point, and a decoder from it.
struct CodeNetwork: Module {
  private var encoder: [AnyLayer]
  private var code: Dense
  var decoder: Decoder

  static let fields: [Field<CodeNetwork>] = [
    .module("encoder", \.encoder), .module("code", \.code), .module("decoder", \.decoder),
  ]

  /// Numbers of a latent point.
  var latentSize: Int { code.weight.shape[0] }

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape,
    activation: Activation = .identity, random: inout RandomStream
  ) {
    let coders = Coders(configuration, image: samples.image)
    let width: Int
    (encoder, width) = coders.encoder(&random)
    code = Dense(width, configuration.latentSize, activation: activation, random: &random)
    decoder = Decoder(coders.decoder(from: configuration.latentSize, &random), configuration)
  }

  /// The latent points of images, [N, latentSize].
  func code(of images: Tensor, mode: Mode) -> Tensor {
    let graph = images.graph
    let features = graph.scoped("encoder") { encoder(images, mode: mode) }
    return graph.layer("code", kind: code.kind) { code(features, mode: mode) }
  }
}
