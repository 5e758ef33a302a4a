// Functions along axes that are composed of sums, extremes and element-wise operations.

extension Operation {
  private static let spreadAttributes =
    reductionAttributes + [.optional("correction", .number, 0)]

  static let variance = composed(
    "variance", "the mean squared distance from the mean along axes, of count - correction",
    attributes: spreadAttributes
  ) {
    $0.variance(
      axes: $1.optionalIntegers("axes"), correction: $1.number("correction"),
      keepsAxes: $1.flag("keepsAxes"))
  }

  static let standardDeviation = composed(
    "standardDeviation", "the square root of the variance along axes",
    attributes: spreadAttributes
  ) {
    $0.standardDeviation(
      axes: $1.optionalIntegers("axes"), correction: $1.number("correction"),
      keepsAxes: $1.flag("keepsAxes"))
  }

  static let logSumExp = composed(
    "logSumExp", "log of the sum of exp(x) along axes, without overflow",
    attributes: reductionAttributes
  ) { $0.logSumExp(axes: $1.optionalIntegers("axes"), keepsAxes: $1.flag("keepsAxes")) }

  static let softmax = composed(
    "softmax", "exp(x) divided by its sum along an axis",
    attributes: [.optional("axis", .integer, -1)]
  ) { $0.softmax(axis: $1.integer("axis")) }

  static let logSoftmax = composed(
    "logSoftmax", "the logarithm of the softmax along an axis",
    attributes: [.optional("axis", .integer, -1)]
  ) { $0.logSoftmax(axis: $1.integer("axis")) }
}

extension Tensor {
  /// The mean squared distance from the mean along axes (all when nil), where the mean is taken over
  /// count - `correction`: 0 gives the variance of the elements themselves, 1 the estimate of that
  /// of what they are a sample of. Not a number where nothing is left to divide by.
  public func variance(
    axes: [Int]? = nil, correction: Double = 0, keepsAxes: Bool = false
  ) -> Tensor {
    let mean = mean(axes: axes, keepsAxes: true)
    if mean.shape.isUnknown { return mean }
    let divisor = Double(shape.count) / Double(Swift.max(1, mean.shape.count)) - correction
    return (self - mean).square().sum(axes: axes, keepsAxes: keepsAxes) / Swift.max(0, divisor)
  }

  /// The square root of the variance along axes. Where that is 0, the gradient is not a number.
  public func standardDeviation(
    axes: [Int]? = nil, correction: Double = 0, keepsAxes: Bool = false
  ) -> Tensor {
    variance(axes: axes, correction: correction, keepsAxes: keepsAxes).sqrt()
  }

  /// log Σ eˣ along axes, without overflow: of nothing, and of -∞ alone, it is -∞.
  public func logSumExp(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let largest = max(axes: axes, keepsAxes: true).stopGradient()
    // An infinite offset would make ∞ - ∞ of what it is taken from.
    let offset = largest.abs().isLess(than: .infinity).select(largest, 0)
    let total = (self - offset).exp().sum(axes: axes, keepsAxes: true)
    let isNothing = total.isEqual(to: graph.constant(0))
    let result = isNothing.select(-.infinity, isNothing.select(1, total).log() + offset)
    return keepsAxes ? result : result.squeezed(axes: axes)
  }

  /// eˣ / Σ eˣ along an axis.
  public func softmax(axis: Int = -1) -> Tensor {
    let powers = belowLargest(axis).exp()
    return powers / powers.sum(axes: [axis], keepsAxes: true)
  }

  /// x - log Σ eˣ along an axis.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let distance = belowLargest(axis)
    return distance - distance.exp().sum(axes: [axis], keepsAxes: true).log()
  }

  /// The signed distance from the largest element along an axis. The softmax is the same for any
  /// offset, so that this one needs no gradient.
  private func belowLargest(_ axis: Int) -> Tensor {
    self - max(axes: [axis], keepsAxes: true).stopGradient()
  }
}
