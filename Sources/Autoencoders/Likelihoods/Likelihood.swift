import TensorEngine

/// How likely pixels are under what a decoder gives, one number for each pixel.
protocol Likelihood: Sendable {
  /// The logarithm of the learnt scale at first; nil where no scale is learnt.
  var initialLogScale: Double? { get }
  /// The negative logarithm of the likelihood of each pixel, in nats.
  ///
  /// - Parameters:
  ///   - pixels: in 0 ... 1, [N, pixels].
  ///   - outputs: of the decoder, of the same shape.
  ///   - logScale: the learnt scale's logarithm, a scalar, where there is one.
  func negativeLog(of pixels: Tensor, outputs: Tensor, logScale: Tensor?) -> Tensor
  /// The means of the pixels, of the outputs' shape.
  func means(_ outputs: Tensor) -> Tensor
}

/// The names of the likelihoods.
public enum LikelihoodName: String, CaseIterable, Sendable {
  /// A pixel is the mean of a Bernoulli variable.
  case bernoulli
  /// A normal density of the given deviation.
  case gaussian
  /// A normal density whose deviation is learnt.
  case learnedGaussian
  /// One of 256 values under a logistic distribution.
  case discretizedLogistic

  /// The likelihood.
  ///
  /// - Parameter deviation: of a pixel in 0 ... 1; where a scale is learnt, what it begins with.
  func callAsFunction(deviation: Double) -> any Likelihood {
    switch self {
    case .bernoulli: Bernoulli()
    case .gaussian: Gaussian(deviation: deviation, isLearned: false)
    case .learnedGaussian: Gaussian(deviation: deviation, isLearned: true)
    case .discretizedLogistic: DiscretizedLogistic(initialDeviation: deviation)
    }
  }
}
