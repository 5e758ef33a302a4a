import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of a variational autoencoder, traced for a network and an image shape [C, H, W].
struct VAEPrograms {
  let network: VAENetwork
  let image: Shape

  /// One update by a batch of bytes "images"; gives "loss", "reconstruction" and "kl".
  func trainingStep(
    _ configuration: VAEConfiguration
  ) throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let network = graph.bind(network, as: "vae")
    let bound = terms(graph, network, batch: configuration.batchSize, mode: .training)
    let reconstruction = bound.reconstruction.mean()
    let kl = bound.kl.mean()
    let loss = reconstruction + kl
    graph.minimize(
      loss, over: network.tensors(in: graph), with: configuration.optimizer.rule)
    let program = try graph.compile(
      ["loss": loss, "reconstruction": reconstruction, "kl": kl])
    return (program, ExperimentDescription.layers(of: graph, network))
  }

  /// The two terms of the bound for each image of a batch.
  func evaluation(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let bound = terms(graph, graph.bind(network, as: "vae"), batch: batch, mode: .inference)
    return try graph.compile(["reconstruction": bound.reconstruction, "kl": bound.kl])
  }

  /// The posterior means "mean" of bytes "images".
  func encoding(batch: Int) throws -> Program<Float> {
    let graph = Graph()
    let images = scaledImages(graph, batch)
    let posterior = graph.bind(network, as: "vae").encode(images, mode: .inference)
    return try graph.compile(["mean": posterior.mean])
  }

  /// The pixel means "images" of "latents".
  func decoding(batch: Int, latentSize: Int) throws -> Program<Float> {
    let graph = Graph()
    let latents = graph.input("latents", shape: [batch, latentSize])
    let logits = graph.bind(network, as: "vae").decode(latents, mode: .inference)
    return try graph.compile(["images": logits.sigmoid()])
  }

  /// Reconstruction and divergence of each image, in nats, with one latent sample.
  private func terms(
    _ graph: Graph, _ network: VAENetwork, batch: Int, mode: Mode
  ) -> (reconstruction: Tensor, kl: Tensor) {
    let images = scaledImages(graph, batch)
    let (mean, logVariance) = network.encode(images, mode: mode)
    let noise = graph.randomNormal(
      mean.shape, stream: mode == .training ? "posterior" : "test posterior")
    let latents = graph.scoped("latents") { mean + (0.5 * logVariance).exp() * noise }
    let logits = network.decode(latents, mode: mode)
    return graph.scoped("loss") {
      (
        Losses.sigmoidCrossEntropy(logits: logits, targets: images.flattened()).sum(axes: [1]),
        Losses.gaussianKL(mean: mean, logVariance: logVariance).sum(axes: [1])
      )
    }
  }

  private func scaledImages(_ graph: Graph, _ batch: Int) -> Tensor {
    let bytes = graph.input("images", shape: Shape([batch] + image.dimensions), type: .byte)
    return bytes.real() / 255
  }
}
