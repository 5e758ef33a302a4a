import TensorEngine

/// What the two networks are trained for, by the scores [N] that the discriminator gives.
protocol Objective: Sendable {
  /// What the discriminator makes small.
  ///
  /// - Parameter targets: what real and made samples are to be told as, [N] or a number, for
  ///   objectives with probabilities; 1 and 0 unless labels are softened.
  func discriminatorLoss(
    real: Tensor, fake: Tensor, targets: (real: Tensor, fake: Tensor)
  ) -> Tensor

  /// What the generator makes small.
  ///
  /// - Parameter real: the scores of real samples, where `comparesWithReal`.
  func generatorLoss(fake: Tensor, real: Tensor?) -> Tensor

  /// Whether the generator's loss needs the scores of real samples.
  var comparesWithReal: Bool { get }
  /// Whether the discriminator has targets, which can be softened.
  var hasTargets: Bool { get }
  /// Whether the score is to be how well an autoencoder reconstructs a sample.
  var reconstructs: Bool { get }
  /// What else tells how training goes, scalars by name.
  func measures(real: Tensor, fake: Tensor) -> [String: Tensor]
  /// Above 0 where a sample is called real; nil where only differences of scores mean anything.
  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)?
}

extension Objective {
  var comparesWithReal: Bool { false }
  var hasTargets: Bool { false }
  var reconstructs: Bool { false }
  func measures(real: Tensor, fake: Tensor) -> [String: Tensor] { [:] }
  func margins(real: Tensor, fake: Tensor) -> (real: Tensor, fake: Tensor)? { (real, fake) }
}

/// The names of the objectives.
public enum ObjectiveName: String, CaseIterable, Sendable {
  /// Goodfellow et al. 2014.
  case nonSaturating
  /// Mao et al. 2017.
  case leastSquares
  /// Arjovsky et al. 2017.
  case wasserstein
  /// Lim and Ye 2017.
  case hinge
  /// Jolicoeur-Martineau 2019.
  case relativistic
  /// Berthelot et al. 2017.
  case equilibrium

  /// The objective.
  func callAsFunction(_ configuration: GANConfiguration) -> any Objective {
    switch self {
    case .nonSaturating: NonSaturating()
    case .leastSquares: LeastSquares()
    case .wasserstein: Wasserstein()
    case .hinge: Hinge()
    case .relativistic: RelativisticAverage()
    case .equilibrium: Equilibrium(configuration: configuration.equilibrium)
    }
  }
}
