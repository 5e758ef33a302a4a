import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// Reconstructs images from spoilt ones (Vincent et al., "Stacked denoising autoencoders", 2010). Test
/// images are spoilt alike for the measures; latent points are of images as they are.
///
/// Differs from the paper: all layers are trained at once.
struct DenoisingAutoencoder: CodeModel {
  var network: CodeNetwork
  private let corruption: CorruptionConfiguration

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    network = CodeNetwork(configuration, samples, random: &random)
    corruption = configuration.corruption
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let latents = network.code(of: corruption.spoil(batch), mode: batch.mode)
    return [reconstruction(of: batch, from: latents)]
  }
}

/// How images are spoilt for a denoising autoencoder.
public struct CorruptionConfiguration: ExperimentConfiguration {
  /// What is done to pixels.
  public var kind = Kind.masking
  /// The share of pixels, or the deviation of what is added.
  public var level = 0.3

  /// A third of the pixels black.
  public init() {}

  /// What can be done to pixels.
  public enum Kind: String, CaseIterable, Sendable {
    /// A share of them becomes black.
    case masking
    /// A share of them becomes black or white.
    case saltAndPepper
    /// Normal numbers are added.
    case gaussian
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("kind", \.kind, "What is done to pixels, for a denoising model."),
      .number(
        "level", \.level, in: 0...1,
        "The share of pixels that are spoilt, or the deviation of what is added."),
    ]
  }

  /// Images after it, [N, C, H, W].
  func spoil(_ batch: ImageBatch) -> Tensor {
    let (images, graph) = (batch.images, batch.graph)
    let prefix = batch.mode == .training ? "" : "test "
    func chosen(_ name: String, _ share: Double) -> Tensor {
      graph.randomBernoulli(images.shape, probability: share, stream: prefix + name)
    }
    switch kind {
    case .masking: return chosen("kept pixels", 1 - level) * images
    case .saltAndPepper:
      return chosen("spoilt pixels", level).select(chosen("white pixels", 0.5), images)
    case .gaussian:
      return images + level * graph.randomNormal(images.shape, stream: prefix + "added noise")
    }
  }
}
