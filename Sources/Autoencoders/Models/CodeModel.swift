import NeuralNetworks
import TensorEngine

/// A model that gives an image one latent point.
protocol CodeModel: Model {
  var network: CodeNetwork { get set }
}

extension CodeModel {
  /// The network's fields stand in their place.
  static var fields: [Field<Self>] { [] }

  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    network.walkParameters(at: path, visit)
  }

  var latentSize: Int { network.latentSize }
  var prior: Prior { .fittedMixture }

  func encode(_ batch: ImageBatch) -> Tensor { network.code(of: batch.images, mode: batch.mode) }

  func decode(_ latents: Tensor, mode: Mode) -> Tensor {
    network.decoder.means(latents, mode: mode)
  }

  /// How unlikely images are given latent points.
  func reconstruction(of batch: ImageBatch, from latents: Tensor) -> Term {
    Term(
      name: "reconstruction",
      values: network.decoder.negativeLog(of: batch.images, given: latents, mode: batch.mode))
  }
}
