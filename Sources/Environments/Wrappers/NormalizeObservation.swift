/// Shifts and scales each number of an observation to mean 0 and variance 1 over all that was seen
/// (Gymnasium's `NormalizeObservation`; the running moments are those of Chan, Golub and LeVeque,
/// "Algorithms for computing the sample variance", 1983).
public struct NormalizeObservation<Base: Environment>: EnvironmentWrapper
where Base.Observation == [Float] {
  /// What the agent sees.
  public typealias Observation = [Float]
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  /// Whether new observations change the moments; not in an evaluation.
  public var isLearning = true
  private var count = 1e-4
  private var means: [Double]
  private var variances: [Double]

  /// Added to the variance, against a division by zero.
  private static var smallestVariance: Double { 1e-8 }

  /// Wraps an environment of arrays.
  public init(_ base: Base) {
    self.base = base
    let size = base.observationSpace.flatCount
    means = [Double](repeating: 0, count: size)
    variances = [Double](repeating: 1, count: size)
  }

  /// The observations there are.
  public var observationSpace: Space {
    guard case .box(let box) = base.observationSpace else {
      preconditionFailure("only arrays can be normalised")
    }
    return .box(BoxSpace(-.infinity ... .infinity, shape: box.shape))
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    learn()
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    let step = try base.step(action)
    learn()
    return step
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    base.observe(into: &observation)
    for (place, number) in observation.enumerated() {
      let deviation = (variances[place] + Self.smallestVariance).squareRoot()
      observation[place] = Float((Double(number) - means[place]) / deviation)
    }
  }

  private mutating func learn() {
    guard isLearning else { return }
    let total = count + 1
    for (place, number) in base.observation.enumerated() {
      let difference = Double(number) - means[place]
      means[place] += difference / total
      variances[place] =
        (variances[place] * count + difference * difference * count / total) / total
    }
    count = total
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
    try archive.number("observationCount", &count)
    try archive.numbers("observationMeans", &means, count: means.count)
    try archive.numbers("observationVariances", &variances, count: variances.count)
  }
}
