import Experiments
import TensorEngine

/// A discriminator that is an autoencoder, whose loss is the score: real samples are to be
/// reconstructed and made ones not, as far as a running balance says (Berthelot, Schumm and Metz,
/// "BEGAN: boundary equilibrium generative adversarial networks", 2017).
///
/// Differs from the paper: the networks are those of the other objectives, with their norms.
struct Equilibrium: Objective {
  let configuration: EquilibriumConfiguration
  var reconstructs: Bool { true }

  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor {
    let (real, fake) = (-real.mean(), -fake.mean())
    let balance = balance(real.graph)
    real.graph.update(
      balance, to: (balance + configuration.rate * excess(real, fake)).clamped(low: 0, high: 1))
    return real - balance * fake
  }

  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor { -fake.mean() }

  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? { nil }

  /// The balance, and the measure that falls as training converges.
  func measures(real: Tensor, fake: Tensor) -> [String: Tensor] {
    let (real, fake) = (-real.mean(), -fake.mean())
    return [
      "balance": balance(real.graph), "convergence": real + excess(real, fake).abs(),
    ]
  }

  /// What made samples' loss lacks of its share of the real ones'.
  private func excess(_ real: Tensor, _ fake: Tensor) -> Tensor {
    configuration.diversity * real - fake
  }

  private func balance(_ graph: Graph) -> Tensor {
    graph.state("balance", initial: TensorValue(repeating: 0, shape: []))
  }
}

/// Where the equilibrium objective is held.
public struct EquilibriumConfiguration: ExperimentConfiguration {
  /// The made samples' loss as a share of the real ones'.
  public var diversity = 0.5
  /// How fast the balance moves.
  public var rate = 0.001

  /// The paper's.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "diversity", \.diversity, in: 0...1,
        "Made samples' reconstruction loss as a share of the real ones'; less is cleaner, more is "
          + "more varied."),
      .number("rate", \.rate, in: 0...1, "How fast the balance of both losses moves."),
    ]
  }
}
