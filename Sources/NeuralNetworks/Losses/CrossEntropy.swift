import TensorEngine

extension Losses {
  /// The cross-entropy, in nats, of target probabilities under softmax(logits): one number for each
  /// place but the axis of the classes.
  ///
  /// - Parameters:
  ///   - targets: probabilities of the classes, of the logits' shape; 1 and zeros for a known class.
  ///   - smoothing: the share of the targets that is spread evenly over all classes, in 0 ... 1
  ///     (Szegedy et al., "Rethinking the inception architecture", 2016).
  public static func softmaxCrossEntropy(
    logits: Tensor, targets: Tensor, axis: Int = -1, smoothing: Double = 0
  ) -> Tensor {
    let logarithms = logits.logSoftmax(axis: axis)
    let known = -(targets * logarithms).sum(axes: [axis])
    return smoothed(known, logarithms, axis: axis, smoothing)
  }

  /// The cross-entropy, in nats, of known classes under softmax(logits). A class outside 0 ..< classes
  /// gives what is not a number.
  ///
  /// - Parameters:
  ///   - labels: the classes by number, of the logits' shape without the axis of the classes.
  ///   - smoothing: the share of the targets that is spread evenly over all classes, in 0 ... 1.
  public static func softmaxCrossEntropy(
    logits: Tensor, labels: Tensor, axis: Int = -1, smoothing: Double = 0
  ) -> Tensor {
    let logarithms = logits.logSoftmax(axis: axis)
    let known = -logarithms.takenAlong(axis: axis, at: labels.expanded(axis: axis))
      .squeezed(axes: [axis])
    return smoothed(known, logarithms, axis: axis, smoothing)
  }

  private static func smoothed(
    _ known: Tensor, _ logarithms: Tensor, axis: Int, _ smoothing: Double
  ) -> Tensor {
    if smoothing == 0 { return known }
    return (1 - smoothing) * known - smoothing * logarithms.mean(axes: [axis])
  }
}
