import Randomness

/// The mean of the middle half of repeated measurements, with the bounds that 95 % of bootstrap samples
/// fall in: what Agarwal et al. ("Deep reinforcement learning at the edge of the statistical
/// precipice", 2021) propose for few seeds.
///
/// Differs from the paper: one task, so that there is nothing to stratify.
public struct InterquartileMean: Sendable, Hashable {
  /// The mean of the middle half.
  public let mean: Double
  /// The bounds of the interval.
  public let interval: ClosedRange<Double>

  private static let samples = 2000

  /// Of some measurements; nil when there are none. The same measurements give the same bounds.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let values = values.sorted()
    mean = Self.middleMean(values)
    var random = RandomStream(seed: UInt64(values.count), name: "bootstrap")
    let means = (0..<Self.samples).map { _ in
      Self.middleMean(values.map { _ in values[random.integer(below: values.count)] }.sorted())
    }.sorted()
    let tail = Self.samples / 40
    interval = means[tail]...means[Self.samples - 1 - tail]
  }

  /// The mean of sorted values without the lowest and the highest quarter; values on the border count
  /// in part.
  static func middleMean(_ values: [Double]) -> Double {
    let count = Double(values.count)
    let (low, high) = (count / 4, 3 * count / 4)
    var sum = 0.0
    for (index, value) in values.enumerated() {
      let share = min(Double(index + 1), high) - max(Double(index), low)
      if share > 0 { sum += share * value }
    }
    return sum / (high - low)
  }
}
