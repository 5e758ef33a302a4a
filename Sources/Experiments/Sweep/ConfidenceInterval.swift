/// The mean of repeated measurements, and how far the true one may lie from it.
public struct ConfidenceInterval: Sendable, Hashable {
  /// How many were measured.
  public let count: Int
  /// Their mean.
  public let mean: Double
  /// Half the width of the 95 % confidence interval for a normal distribution of unknown variance
  /// (Student 1908); nil for a single measurement.
  public let halfWidth: Double?

  /// The interval of some measurements; nil when there are none.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.count = values.count
    self.mean = mean
    guard values.count > 1 else {
      halfWidth = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    halfWidth = Self.quantile(degrees: values.count - 1) * deviation / count.squareRoot()
  }

  /// The 97.5 % quantile of Student's t for up to ten degrees of freedom (Abramowitz and Stegun,
  /// table 26.10).
  private static let quantiles = [
    12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
    2.262_157, 2.228_139,
  ]

  /// The quantile for any degrees of freedom; beyond the table by the expansion around the normal
  /// distribution's (Abramowitz and Stegun, 26.7.5), which is right to five digits there.
  static func quantile(degrees: Int) -> Double {
    if degrees <= quantiles.count { return quantiles[degrees - 1] }
    let x = 1.959_963_985
    let n = Double(degrees)
    let square = x * x
    let terms = [
      (square + 1) * x / 4,
      ((5 * square + 16) * square + 3) * x / 96,
      (((3 * square + 19) * square + 17) * square - 15) * x / 384,
      ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) * x / 92_160,
    ]
    return x + terms.reversed().reduce(0) { ($0 + $1) / n }
  }

  /// `262.1 ± 0.8`, or the mean alone.
  public var text: String {
    halfWidth.map { "\(Quantity.measure(mean)) ± \(Quantity.measure($0))" }
      ?? Quantity.measure(mean)
  }
}
