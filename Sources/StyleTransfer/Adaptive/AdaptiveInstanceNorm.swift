import TensorEngine

/// The mean and the deviation of each channel of features: what AdaIN takes for the style, and
/// `MomentStatistics` keeps of one.
public struct ChannelStatistics {
  /// [N, C, 1, 1]
  public let mean: Tensor
  /// The root of the biased variance, to which `epsilon` is added: [N, C, 1, 1].
  public let deviation: Tensor

  /// Added to the variance, as in the authors' code.
  public static let epsilon = 1e-5

  /// Statistics of their parts.
  public init(mean: Tensor, deviation: Tensor) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Of features [N, C, H, W].
  public init(of features: Tensor) { self.init(of: features, nil) }

  /// Of features [N, C, H, W] whose places count as `places` says; nil for all alike.
  init(of features: Tensor, _ places: PlaceWeights?) {
    func average(_ x: Tensor) -> Tensor {
      guard let places else { return x.mean(axes: [2, 3], keepsAxes: true) }
      return (x * places.weights).sum(axes: [2, 3], keepsAxes: true)
    }
    mean = average(features)
    deviation = (average((features - mean).square()) + Self.epsilon).sqrt()
  }
}

extension Tensor {
  /// Features [N, C, H, W] with another mean and deviation of each channel (Huang and Belongie,
  /// "Arbitrary style transfer in real-time with adaptive instance normalization", 2017).
  ///
  /// - Parameter own: theirs, where it is known already.
  public func adapted(to style: ChannelStatistics, from own: ChannelStatistics? = nil) -> Tensor {
    let own = own ?? ChannelStatistics(of: self)
    return (self - own.mean) / own.deviation * style.deviation + style.mean
  }
}
