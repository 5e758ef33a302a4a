import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// An autoencoder most of whose code is near 0 for any image (Ng, "Sparse autoencoder", CS294A lecture
/// notes, 2011): by the divergence of the code's mean activity from a target, or by its absolute sum.
///
/// Differs from the notes: mean activity is that of the batch, not of all images; weights do not
/// decay.
struct SparseAutoencoder: CodeModel {
  var network: CodeNetwork
  private let sparsity: SparsityConfiguration

  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape, random: inout RandomStream
  ) {
    sparsity = configuration.sparsity
    network = CodeNetwork(
      configuration, samples, activation: sparsity.kind == .kl ? .sigmoid : .relu, random: &random)
  }

  func terms(of batch: ImageBatch) -> [Term] {
    let latents = encode(batch)
    return [
      reconstruction(of: batch, from: latents),
      Term(name: "sparsity", values: sparsity.penalty(latents), weight: sparsity.weight),
    ]
  }
}

/// How a sparse autoencoder's code is kept near 0.
public struct SparsityConfiguration: ExperimentConfiguration {
  /// What is made small.
  public var kind = Kind.kl
  /// What it counts for.
  public var weight = 1.0
  /// The mean activity of a number of the code, for the divergence.
  public var target = 0.05

  /// The notes' target.
  public init() {}

  /// What can be made small.
  public enum Kind: String, CaseIterable, Sendable {
    /// The divergence of a number's mean activity from the target.
    case kl
    /// The sum of the numbers, none of which is negative.
    case l1
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("kind", \.kind, "What keeps a sparse model's code near 0."),
      .number("weight", \.weight, in: 0...1e6, "What it counts for."),
      .number(
        "target", \.target, in: 1e-6...0.999_999,
        "The mean activity of a number of the code, for kl."),
    ]
  }

  /// The activity of codes [N, size]: of each, or of the batch, as a scalar.
  func penalty(_ codes: Tensor) -> Tensor {
    guard kind == .kl else { return codes.sum(axes: [1]) }
    // Activities of exactly 0 or 1 would have an infinite divergence.
    let activity = codes.mean(axes: [0]).clamped(low: 1e-6, high: 1 - 1e-6)
    let graph = codes.graph
    let divergence =
      target * (graph.constant(target).log() - activity.log())
      + (1 - target) * (graph.constant(1 - target).log() - (1 - activity).log())
    return divergence.sum()
  }
}
