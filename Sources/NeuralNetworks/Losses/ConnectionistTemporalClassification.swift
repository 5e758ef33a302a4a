import TensorEngine

extension Losses {
  /// Connectionist temporal classification: minus the log probability, in nats, that steps of class
  /// probabilities spell a sequence of labels, over all ways to stretch it and to put blanks between
  /// (Graves et al., "Connectionist temporal classification", 2006). Infinite where the steps are too
  /// few; such a sequence has gradients of zeros.
  ///
  /// Differs from the paper: sums over paths are computed of their logarithms, without rescaling, and
  /// gradients are those of the sums themselves instead of a backward sweep of its own.
  ///
  /// - Parameters:
  ///   - logProbabilities: [T, N, classes], as `logSoftmax` gives them.
  ///   - targets: labels, [N, S] positions. Those beyond a sequence's own length may be any class.
  ///   - inputLengths: how many steps of each sequence count, [N] positions in 1 ... T.
  ///   - targetLengths: how many labels each sequence has, [N] positions in 0 ... S.
  ///   - blank: the class that stands for no label.
  /// - Returns: the loss of each sequence, [N].
  public static func connectionistTemporalClassification(
    logProbabilities: Tensor, targets: Tensor, inputLengths: Tensor, targetLengths: Tensor,
    blank: Int = 0
  ) -> Tensor {
    let graph = logProbabilities.graph
    let (steps, batch) = (logProbabilities.shape[0], logProbabilities.shape[1])
    let labels = targets.shape[1]
    let places = 2 * labels + 1

    // Labels with blanks around each: [N, places].
    let blanks = graph.constant(Double(blank)).broadcast(to: [batch, labels + 1, 1])
    let spelled = Tensor.concatenate(
      [
        Tensor.concatenate(
          [
            blanks.sliced(axis: 1, 0..<labels), targets.real().reshaped(to: [batch, labels, 1]),
          ], axis: 2
        ).reshaped(to: [batch, 2 * labels]),
        blanks.sliced(axis: 1, labels..<labels + 1)
          .reshaped(to: [batch, 1]),
      ], axis: 1)
    let emitted = logProbabilities.takenAlong(
      axis: 2,
      at: spelled.index().reshaped(to: [1, batch, places]).broadcast(
        to: [steps, batch, places]))

    func shifted(_ x: Tensor, by count: Int) -> Tensor {
      let missing = graph.constant(-.infinity).broadcast(to: [batch, min(count, places)])
      return Tensor.concatenate(
        [missing, x.sliced(axis: 1, 0..<max(0, places - count))], axis: 1)
    }
    // A blank may be left out between labels that differ.
    let skips = spelled.isNotEqual(to: graph.constant(Double(blank)))
      .logicalAnd(spelled.isNotEqual(to: shifted(spelled, by: 2)))
    let numbers = graph.constant((0..<places).map(Double.init), shape: [places])
    var paths = numbers.isLess(than: 2).select(at(0), -.infinity)
    for time in 1..<max(1, steps) {
      let ways = Tensor.stack([
        paths, shifted(paths, by: 1), skips.select(shifted(paths, by: 2), -.infinity),
      ])
      let isCounted = graph.constant(Double(time)).isLess(than: inputLengths.real())
        .reshaped(to: [batch, 1])
      paths = isCounted.select(ways.logSumExp(axes: [0]) + at(time), paths)
    }
    // The last label, or the blank after it.
    let end = 2 * targetLengths.real().reshaped(to: [batch, 1])
    let isEnd = numbers.isEqual(to: end).logicalOr(numbers.isEqual(to: end - 1))
    return -isEnd.select(paths, -.infinity).logSumExp(axes: [1])

    func at(_ time: Int) -> Tensor {
      emitted.sliced(axis: 0, time..<time + 1).reshaped(to: [batch, places])
    }
  }
}
