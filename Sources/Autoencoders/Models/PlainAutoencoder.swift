import Randomness

/// An autoencoder: images through a narrow code and back (Hinton and Salakhutdinov, "Reducing the
/// dimensionality of data with neural networks", 2006). With an mlp without hidden layers and a
/// Gaussian likelihood it is the linear autoencoder, which learns the plane of the principal
/// components (Baldi and Hornik, "Neural networks and principal component analysis", 1989).
///
/// Differs from the paper: the layers are not trained one by one before.
struct PlainAutoencoder: CodeModel {
  var network: CodeNetwork

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = CodeNetwork(configuration, samples, random: &random)
  }

  func terms(of batch: ImageBatch) -> [Term] { [reconstruction(of: batch, from: encode(batch))] }
}
