import NeuralNetworks
import Randomness
import TensorEngine

/// An encoder to the mean and log variance of a latent point, and a decoder from it.
struct GaussianNetwork: Module {
  private var encoder: [AnyLayer]
  private var mean: Dense
  private var logVariance: Dense
  var decoder: Decoder

  static let fields: [Field<GaussianNetwork>] = [
    .module("encoder", \.encoder), .module("mean", \.mean),
    .module("logVariance", \.logVariance), .module("decoder", \.decoder),
  ]

  /// Numbers of a latent point.
  var latentSize: Int { mean.weight.shape[0] }

  /// - Parameter classes: how many classes both sides are told; 0 for none.
  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, classes: Int = 0,
    random: inout RandomStream
  ) {
    let coders = Coders(configuration, image: samples.image)
    let width: Int
    (encoder, width) = coders.encoder(&random)
    mean = Dense(width + classes, configuration.latentSize, random: &random)
    logVariance = Dense(width + classes, configuration.latentSize, random: &random)
    decoder = Decoder(
      coders.decoder(from: configuration.latentSize + classes, &random), configuration)
  }

  /// The distributions of the latent points of images.
  ///
  /// - Parameter classes: one-hot, [N, classes], where they are told.
  func posterior(of images: Tensor, classes: Tensor? = nil, mode: Mode) -> Posterior {
    let graph = images.graph
    var features = graph.scoped("encoder") { encoder(images, mode: mode) }
    if let classes { features = Tensor.concatenate([features, classes], axis: 1) }
    return Posterior(
      mean: graph.layer("mean", kind: mean.kind) { mean(features, mode: mode) },
      logVariance: graph.layer("logVariance", kind: logVariance.kind) {
        logVariance(features, mode: mode)
      })
  }

  /// The parameters of the encoder's side.
  func encoderTensors(in graph: Graph) -> [(name: String, tensor: Tensor)] {
    encoder.tensors(in: graph) + mean.tensors(in: graph) + logVariance.tensors(in: graph)
  }
}
