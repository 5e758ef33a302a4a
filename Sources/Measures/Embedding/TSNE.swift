import Randomness

/// A map of the rows of a table in the plane that keeps neighbours together: t-distributed stochastic
/// neighbour embedding, exact (van der Maaten and Hinton, "Visualizing data using t-SNE", Journal of
/// Machine Learning Research 2008).
///
/// Every row meets every other one at each iteration: 2,000 rows take some seconds for 1,000
/// iterations. The same table gives the same map, whatever the number of threads.
///
/// Differs from the paper: the map begins with the plane of the principal components instead of noise,
/// which keeps more of the large distances (Kobak and Berens, "The art of using t-SNE for single-cell
/// transcriptomics", 2019); probabilities are exaggerated 12 times for 250 iterations instead of 4 times
/// for 50, and the learning rate grows with the rows (Belkina et al., "Automated optimized parameters
/// for t-distributed stochastic neighbor embedding", 2019).
public struct TSNE: Sendable, Hashable {
  /// About how many neighbours each row has; nil for 30, or fewer where there are few rows.
  public var perplexity: Double?
  /// Steps of the descent.
  public var iterations: Int
  /// The seed of what the principal components leave open.
  public var seed: UInt64

  /// How a map is made; 1,000 iterations are the paper's.
  public init(perplexity: Double? = nil, iterations: Int = 1000, seed: UInt64 = 0) {
    precondition(iterations >= 0, "fewer iterations than none")
    self.perplexity = perplexity
    self.iterations = iterations
    self.seed = seed
  }

  /// A map of a table's rows.
  public struct Map: Sendable, Hashable {
    /// A point for each row, around 0.
    public let points: [SIMD2<Double>]
    /// How far the neighbourhoods in the plane are from those of the rows: their Kullback-Leibler
    /// divergence in nats.
    public let divergence: Double
    /// The perplexity it was made with.
    public let perplexity: Double
  }

  private static let exaggeration = 12.0
  private static let exaggeratedIterations = 250
  /// Of the paper, section 3.4: the momentum, and that of later iterations.
  private static let momenta = (first: 0.5, later: 0.8)
  /// The rule of Jacobs (1988) as the paper's authors carry it out: a step that goes on in its
  /// direction grows, one that turns shrinks.
  private static let gain = (growth: 0.2, decay: 0.8, least: 0.01)
  private static let leastLearningRate = 50.0
  /// The deviation of the points at first (section 3.4), so small that they all are neighbours.
  private static let initialDeviation = 1e-4

  /// Makes the map of a table.
  ///
  /// - Throws: `.tooManyRows` (see ``NeighbourProbabilities/greatestCount``), `.perplexity` or
  ///   `.tooManyDimensions`.
  public func map(_ table: FeatureTable, threads: Int) throws(MeasureError) -> Map {
    let perplexity =
      self.perplexity ?? NeighbourProbabilities.usualPerplexity(ofCount: table.count)
    let probabilities = try NeighbourProbabilities(
      table, perplexity: perplexity, threads: threads)
    var points = try beginning(table)
    var velocities = [SIMD2<Double>](repeating: .zero, count: points.count)
    var gains = [SIMD2<Double>](repeating: .one, count: points.count)
    let rate = max(
      Self.leastLearningRate, Double(points.count) / Self.exaggeration / 4)
    for iteration in 0..<iterations {
      let isEarly = iteration < Self.exaggeratedIterations
      let gradient = StudentMap(points).gradient(
        toward: probabilities, exaggeration: isEarly ? Self.exaggeration : 1, threads: threads)
      let momentum = isEarly ? Self.momenta.first : Self.momenta.later
      for place in points.indices {
        let goesOn = gradient[place] * velocities[place] .< 0
        gains[place] = pointwiseMax(
          (Self.gain.decay * gains[place]).replacing(
            with: gains[place] + Self.gain.growth, where: goesOn),
          SIMD2(repeating: Self.gain.least))
        velocities[place] =
          momentum * velocities[place] - rate * gains[place] * gradient[place]
        points[place] += velocities[place]
      }
      let middle = points.reduce(.zero, +) / Double(points.count)
      for place in points.indices { points[place] -= middle }
    }
    return Map(
      points: points, divergence: StudentMap(points).divergence(from: probabilities),
      perplexity: perplexity)
  }

  /// The gradient of the divergence by each point of a map, in nats a unit.
  ///
  /// - Parameter points: one for each row that the probabilities are of.
  public static func gradient(
    at points: [SIMD2<Double>], toward probabilities: NeighbourProbabilities, threads: Int
  ) -> [SIMD2<Double>] {
    StudentMap(points).gradient(toward: probabilities, threads: threads)
  }

  /// How far the neighbourhoods of points are from a table's: the divergence, in nats.
  public static func divergence(
    of points: [SIMD2<Double>], from probabilities: NeighbourProbabilities
  ) -> Double {
    StudentMap(points).divergence(from: probabilities)
  }

  /// The plane of the principal components, made small; noise of the same size where the rows vary in
  /// fewer directions, so that points can leave the line they are on.
  private func beginning(_ table: FeatureTable) throws(MeasureError) -> [SIMD2<Double>] {
    let (plane, components) = try PrincipalComponents.plane(of: table)
    let deviations = (components.variances + [0, 0]).prefix(2).map { $0.squareRoot() }
    let scale = deviations[0] > 0 ? Self.initialDeviation / deviations[0] : 0
    var stream = RandomStream(seed: seed, name: "t-SNE")
    return plane.map { point in
      var point = scale * point
      for axis in 0..<2 where deviations[axis] * scale < 1e-3 * Self.initialDeviation {
        point[axis] = Self.initialDeviation * stream.normal()
      }
      return point
    }
  }
}
