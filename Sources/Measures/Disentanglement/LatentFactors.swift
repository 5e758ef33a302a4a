/// Latent points of samples beside the factors that the samples were made from: what scores of
/// disentanglement compare.
public struct LatentFactors: Sendable {
  /// A latent point for each sample.
  public let latents: FeatureTable
  /// The value of each factor for each sample, [sample, factor], 0 ..< size.
  public let values: [Int32]
  /// How many values each factor takes.
  public let sizes: [Int]
  /// The factors whose values have no order.
  public let categorical: Set<Int>

  /// - Parameters:
  ///   - values: [sample, factor], each in 0 ..< its factor's size.
  ///   - sizes: at least one factor.
  ///   - categorical: places of factors whose values have no order.
  public init(
    latents: FeatureTable, values: [Int32], sizes: [Int], categorical: Set<Int> = []
  ) {
    precondition(!sizes.isEmpty && values.count == latents.count * sizes.count, "missing values")
    precondition(
      values.indices.allSatisfy { (0..<Int32(sizes[$0 % sizes.count])).contains(values[$0]) },
      "a value that its factor has not")
    self.latents = latents
    self.values = values
    self.sizes = sizes
    self.categorical = categorical
  }

  /// The value of a factor of a sample.
  func value(_ sample: Int, _ factor: Int) -> Int { Int(values[sample * sizes.count + factor]) }

  /// The values of a factor, sample after sample.
  func values(of factor: Int) -> [Int] { (0..<latents.count).map { value($0, factor) } }

  /// A number of all latent points.
  func column(_ dimension: Int) -> [Double] {
    (0..<latents.count).map { Double(latents.values[$0 * latents.dimension + dimension]) }
  }

  /// The variance of each number of the latent points.
  func variances() -> [Double] {
    (0..<latents.dimension).map { Self.variance(column($0)) }
  }

  /// The mean of numbers, and their mean squared distance from it.
  static func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(numbers.count))
  }

  static func variance(_ numbers: [Double]) -> Double { moments(numbers).variance }

  /// The samples that have each value of a factor.
  func samples(of factor: Int) -> [[Int]] {
    var samples = [[Int]](repeating: [], count: sizes[factor])
    for sample in 0..<latents.count { samples[value(sample, factor)].append(sample) }
    return samples
  }

  /// The least variance that a number in use has, as a share of the greatest: others are left out of
  /// scores that divide by it (Kim and Mnih 2018, section 4 leaves out collapsed ones).
  static let leastVarianceShare = 1e-4

  /// The numbers of latent points that are in use, by their variances; none where all points are
  /// alike.
  static func used(_ variances: [Double]) -> [Int] {
    let largest = variances.max() ?? 0
    guard largest > 0 else { return [] }
    return variances.indices.filter { variances[$0] > leastVarianceShare * largest }
  }
}
