/// How far to go along a direction: a line search whose steps fulfil the strong Wolfe conditions
/// (Nocedal and Wright, "Numerical optimization", 2nd edition 2006, algorithms 3.5 and 3.6).
///
/// A step is long enough to lower the loss by a share of what the slope promises, and so long that
/// the slope is flatter there. Trials are placed by the cubic through two losses and slopes.
///
/// Differs from the book: the interval shrinks by at least a tenth in every second trial, as in
/// PyTorch, whose trials these are; a loss that is not finite counts as too high.
struct WolfeLineSearch {
  /// A place along the direction.
  struct Trial {
    /// How often the direction is taken.
    let length: Double
    let loss: Double
    /// The loss' derivative by the length.
    let slope: Double
    let gradient: LanedVector
  }

  /// The share of the promised decrease that is asked for; c₁ of the book, PyTorch's.
  static let decrease = 1e-4
  /// The share of the slope that may stay; c₂ of the book, PyTorch's.
  static let curvature = 0.9

  /// Length 0.
  let start: Trial
  /// How many trials may follow the first.
  let trials: Int
  /// The shortest interval that is searched.
  let shortest: Double

  /// The best step found; the start itself when nothing is lower.
  func search(
    from length: Double, _ evaluate: (_ length: Double) throws -> Trial
  ) rethrows -> Trial {
    var previous = start
    var trial = try evaluate(length)
    var left = trials
    while left > 0 {
      // The first trial is compared with the start alone, which its decrease did already.
      if isTooHigh(trial) || (trials - left > 1 && trial.loss >= previous.loss) {
        return try narrow(previous, trial, trials: left, evaluate)
      }
      if isFlat(trial) { return trial }
      if trial.slope >= 0 { return try narrow(previous, trial, trials: left, evaluate) }
      let (near, far) = (trial.length + 0.01 * (trial.length - previous.length), 10 * trial.length)
      let next = Self.lowest(previous, trial, within: near...far)
      previous = trial
      trial = try evaluate(next)
      left -= 1
    }
    return trial.loss < start.loss ? trial : start
  }

  /// Searches between two trials, of which one side has a step that suits.
  private func narrow(
    _ first: Trial, _ second: Trial, trials: Int, _ evaluate: (Double) throws -> Trial
  ) rethrows -> Trial {
    var (low, high) = second.loss < first.loss ? (second, first) : (first, second)
    var wasNearAnEnd = false
    for _ in 0..<trials {
      let interval = min(low.length, high.length)...max(low.length, high.length)
      let extent = interval.upperBound - interval.lowerBound
      if extent < shortest { break }
      var length = Self.lowest(low, high, within: interval)
      let margin = 0.1 * extent
      let (below, above) = (length - interval.lowerBound, interval.upperBound - length)
      if min(below, above) >= margin {
        wasNearAnEnd = false
      } else if wasNearAnEnd || min(below, above) <= 0 {
        length = above < below ? interval.upperBound - margin : interval.lowerBound + margin
        wasNearAnEnd = false
      } else {
        wasNearAnEnd = true
      }
      let trial = try evaluate(length)
      if isTooHigh(trial) || trial.loss >= low.loss {
        high = trial
        if high.loss < low.loss { swap(&low, &high) }
      } else {
        if isFlat(trial) { return trial }
        if trial.slope * (high.length - low.length) >= 0 { high = low }
        low = trial
      }
    }
    return low
  }

  /// Whether a trial lowers the loss by less than it should.
  private func isTooHigh(_ trial: Trial) -> Bool {
    !trial.loss.isFinite
      || trial.loss > start.loss + Self.decrease * trial.length * start.slope
  }

  /// Whether little of the slope is left.
  private func isFlat(_ trial: Trial) -> Bool {
    trial.slope.magnitude <= -Self.curvature * start.slope
  }

  /// Where the cubic through two losses and slopes is lowest, or the middle of the interval where it
  /// has no lowest place (equation 3.59 of the book).
  static func lowest(_ a: Trial, _ b: Trial, within interval: ClosedRange<Double>) -> Double {
    let (first, second) = a.length <= b.length ? (a, b) : (b, a)
    let bend =
      first.slope + second.slope
      - 3 * (first.loss - second.loss) / (first.length - second.length)
    let root = (bend * bend - first.slope * second.slope).squareRoot()
    let share = (second.slope + root - bend) / (second.slope - first.slope + 2 * root)
    let place = second.length - (second.length - first.length) * share
    guard place.isFinite else { return (interval.lowerBound + interval.upperBound) / 2 }
    return min(max(place, interval.lowerBound), interval.upperBound)
  }
}
