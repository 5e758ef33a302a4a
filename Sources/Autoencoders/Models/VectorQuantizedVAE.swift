import NeuralNetworks
import Randomness
import TensorEngine

/// VQ-VAE (van den Oord, Vinyals and Kavukcuoglu, "Neural discrete representation learning", 2017): the
/// encoder's vectors, one a place of a small image, are replaced by the nearest of a codebook; a network
/// learns which codes go together, and new images are drawn from it. Its negative log likelihood is the
/// divergence of the posterior, which is one point, so that reconstruction and divergence are the negative
/// bound here too.
///
/// A latent point is the vectors of all places, row by row.
///
/// Differs from the paper: the prior learns at the same time as the rest; vectors that stand for nothing
/// begin anew; distances are summed over an image.
struct VectorQuantizedVAE: Model {
  private var encoder: [AnyLayer]
  private var codebook: Codebook
  private var codePrior: CodePrior
  private var decoder: Decoder
  private let grid: CodeGrid
  private let commitmentWeight: Double

  static let fields: [Field<VectorQuantizedVAE>] = [
    .module("encoder", \.encoder), .module("codebook", \.codebook),
    .module("codePrior", \.codePrior), .module("decoder", \.decoder),
  ]

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    let coders = Coders(configuration, image: samples.image)
    let (inner, settings) = (coders.innermost, configuration.codebook)
    grid = CodeGrid(
      height: inner[1], width: inner[2], codes: settings.codes, codeSize: settings.codeSize)
    encoder =
      coders.halvings(&random) + [
        AnyLayer(Conv2D(inner[0], settings.codeSize, kernelSize: 1, random: &random))
      ]
    codebook = Codebook(settings, random: &random)
    codePrior = CodePrior(settings, random: &random)
    let widening = AnyLayer(
      Conv2D(
        settings.codeSize, inner[0], kernelSize: 3, .init(padding: 1), activation: .relu,
        initializer: .heNormal, random: &random))
    decoder = Decoder([widening] + coders.doublings(&random), configuration)
    commitmentWeight = settings.commitmentWeight
  }

  var latentSize: Int { grid.places * grid.codeSize }
  var prior: Prior { .codes(grid) }

  func terms(of batch: ImageBatch) -> [Term] {
    let rows = rows(batch)
    let codes = codebook.codes(of: rows)
    let nearest = codebook.vectors(of: codes)
    if batch.mode == .training { codebook.follow(rows, codes) }
    let distance = (rows - nearest.stopGradient()).square()
    let oneHot = oneHot(codes, batch.count)
    let chosen = oneHot * codePrior.logits(oneHot, mode: batch.mode).logSoftmax(axis: 1)
    let vectors = nearest.straightThrough(to: rows)
    return [
      Term(
        name: "reconstruction",
        values: decoder.negativeLog(
          of: batch.images, given: planes(vectors, batch.count), mode: batch.mode)),
      Term(name: "kl", values: -chosen.sum(axes: [1, 2, 3])),
      Term(
        name: "commitment",
        values: distance.reshaped(to: [batch.count, latentSize]).sum(axes: [1]),
        weight: commitmentWeight),
    ]
  }

  func encode(_ batch: ImageBatch) -> Tensor {
    codebook.vectors(of: codebook.codes(of: rows(batch))).reshaped(to: [batch.count, latentSize])
  }

  func decode(_ latents: Tensor, mode: Mode) -> Tensor {
    decoder.means(planes(latents, latents.shape[0]), mode: mode)
  }

  func priorOutputs(_ graph: Graph, batch: Int) -> [String: Tensor] {
    let codes = graph.input("codes", shape: [batch * grid.places], type: .index)
    return [
      "logits": codePrior.logits(oneHot(codes, batch), mode: .inference),
      "latents": codebook.vectors(of: codes).reshaped(to: [batch, latentSize]),
    ]
  }

  /// What the encoder gives each place, [N · places, codeSize].
  private func rows(_ batch: ImageBatch) -> Tensor {
    let planes = batch.graph.scoped("encoder") { encoder(batch.images, mode: batch.mode) }
    return planes.transposed([0, 2, 3, 1])
      .reshaped(to: [batch.count * grid.places, grid.codeSize])
  }

  /// The vectors of all places as channels, [N, codeSize, height, width].
  private func planes(_ vectors: Tensor, _ count: Int) -> Tensor {
    vectors.reshaped(to: [count, grid.height, grid.width, grid.codeSize])
      .transposed([0, 3, 1, 2])
  }

  private func oneHot(_ codes: Tensor, _ count: Int) -> Tensor {
    codes.oneHot(classes: grid.codes)
      .reshaped(to: [count, grid.height, grid.width, grid.codes]).transposed([0, 3, 1, 2])
  }
}

/// The codes of an image.
struct CodeGrid {
  let height: Int
  let width: Int
  /// How many codes there are to choose from.
  let codes: Int
  /// Numbers of a code's vector.
  let codeSize: Int

  /// Codes of an image.
  var places: Int { height * width }
}
