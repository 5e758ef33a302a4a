import TensorEngine

/// Where a discriminator's slope is held, and at what length.
public enum SlopePenalty: String, CaseIterable, Sendable {
  /// Nowhere.
  case none
  /// At length 1 between real and made samples: WGAN-GP.
  case between
  /// At length 1 around real samples: DRAGAN.
  case aroundReal
  /// At 0 at real samples: R1.
  case atReal
  /// At 0 at made samples: R2.
  case atFake

  /// The mean penalty, before it is weighted.
  ///
  /// - Parameters:
  ///   - real: real samples [N, ...].
  ///   - fake: made samples, as many.
  ///   - score: the discriminator, to scores [N].
  public func callAsFunction(
    real: Tensor, fake: Tensor, score: (Tensor) -> Tensor
  ) -> Tensor? {
    switch self {
    case .none: nil
    case .between: gradientPenalty(real: real, fake: fake, score: score)
    case .aroundReal: perturbedPenalty(real: real, score: score)
    case .atReal: zeroCentredPenalty(at: real, score: score)
    case .atFake: zeroCentredPenalty(at: fake.stopGradient(), score: score)
    }
  }
}

extension Tensor {
  /// The squared length of the slope of scores at each of the samples they were given, [N].
  static func squaredSlopes(at samples: Tensor, _ score: (Tensor) -> Tensor) -> Tensor {
    let slopes = samples.graph.gradients(of: score(samples).sum(), withRespectTo: [samples])[0]
    return slopes.flattened().square().sum(axes: [1])
  }

  /// (√self - 1)²; what is added keeps the root's slope finite where there is no slope.
  var distanceFromOne: Tensor { ((self + 1e-12).sqrt() - 1).square() }
}
