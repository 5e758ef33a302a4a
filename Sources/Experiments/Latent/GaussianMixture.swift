import Randomness
import RealModule

/// A mixture of Gaussians fitted to points by expectation maximisation (Dempster, Laird and Rubin 1977),
/// begun at centres chosen far apart (Arthur and Vassilvitskii, "k-means++", 2007). Covariances are full up
/// to ``greatestFullSize`` numbers a point, and diagonal beyond.
public struct GaussianMixture: Sendable {
  /// Longer points have diagonal covariances.
  public static let greatestFullSize = 64
  private static let iterations = 20
  /// Added to variances as a share of the points' mean variance, so that no Gaussian shrinks to a point.
  private static let leastVarianceShare = 1e-4

  /// One Gaussian: its share of the points, its mean, and the lower triangle of its covariance's Cholesky
  /// factor by rows; of a diagonal covariance the deviations.
  struct Component: Sendable {
    var share: Double
    var mean: [Double]
    var factor: [Double]
  }

  private(set) var components: [Component]
  private let size: Int
  private var isFull: Bool { size <= Self.greatestFullSize }

  /// Fits a mixture.
  ///
  /// - Parameters:
  ///   - points: at least one, of one length, finite.
  ///   - count: Gaussians; no more than there are points.
  public init(fittedTo points: [[Float]], components count: Int, seed: UInt64) {
    precondition(!points.isEmpty && count > 0, "no points, or no Gaussians")
    size = points[0].count
    let points = points.map { $0.map(Double.init) }
    let whole = Component.fitted(
      points, [Double](repeating: 1, count: points.count), share: 1, least: 1e-12,
      isFull: false)
    let spread = whole.factor.reduce(0) { $0 + $1 * $1 } / Double(size)
    let least = max(1e-12, Self.leastVarianceShare * spread)
    components = Self.centres(points, min(count, points.count), seed).map { centre in
      Component(share: 1, mean: centre, factor: whole.factor)
    }
    var belongings = Self.nearest(points, components.map(\.mean))
    for _ in 0..<Self.iterations {
      components = belongings.map { weights in
        let total = weights.reduce(0, +)
        return .fitted(
          points, weights, share: total / Double(points.count), least: least, isFull: isFull)
      }
      belongings = responsibilities(points)
    }
  }

  /// A point of the mixture.
  public func point(_ stream: inout RandomStream) -> [Float] {
    var rest = stream.uniformDouble()
    var chosen = components[components.count - 1]
    for component in components {
      rest -= component.share
      guard rest >= 0 else {
        chosen = component
        break
      }
    }
    let noise = (0..<size).map { _ in stream.normal() }
    return (0..<size).map { row in
      guard isFull else { return Float(chosen.mean[row] + chosen.factor[row] * noise[row]) }
      let start = row * (row + 1) / 2
      return Float(
        (0...row).reduce(chosen.mean[row]) { $0 + chosen.factor[start + $1] * noise[$1] })
    }
  }

  // MARK: Fitting

  /// How likely each point is of each Gaussian, [component][point].
  private func responsibilities(_ points: [[Double]]) -> [[Double]] {
    var result = components.map { component in
      points.map { component.logDensity($0, isFull: isFull) }
    }
    for point in points.indices {
      let largest = result.map { $0[point] }.max() ?? 0
      var sum = 0.0
      for component in result.indices {
        result[component][point] = .exp(result[component][point] - largest)
        sum += result[component][point]
      }
      for component in result.indices { result[component][point] /= sum }
    }
    return result
  }

  /// Points far from each other: each next one with the probability of its squared distance from the
  /// nearest so far.
  private static func centres(_ points: [[Double]], _ count: Int, _ seed: UInt64) -> [[Double]] {
    var stream = RandomStream(seed: seed, name: "mixture centres")
    var centres = [points[stream.integer(below: points.count)]]
    var distances = points.map { squaredDistance($0, centres[0]) }
    while centres.count < count {
      var rest = stream.uniformDouble() * distances.reduce(0, +)
      let place = distances.firstIndex { distance in
        rest -= distance
        return rest < 0
      }
      let centre = points[place ?? stream.integer(below: points.count)]
      centres.append(centre)
      for point in points.indices {
        distances[point] = min(distances[point], squaredDistance(points[point], centre))
      }
    }
    return centres
  }

  /// Which centre is nearest, as weights 0 and 1, [centre][point].
  private static func nearest(_ points: [[Double]], _ centres: [[Double]]) -> [[Double]] {
    var weights = [[Double]](
      repeating: [Double](repeating: 0, count: points.count), count: centres.count)
    for (place, point) in points.enumerated() {
      let distances = centres.map { squaredDistance(point, $0) }
      let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      weights[nearest][place] = 1
    }
    return weights
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for place in a.indices { sum += (a[place] - b[place]) * (a[place] - b[place]) }
    return sum
  }
}

extension GaussianMixture.Component {
  /// The Gaussian of weighted points.
  ///
  /// - Parameter least: added to each variance; positive.
  static func fitted(
    _ points: [[Double]], _ weights: [Double], share: Double, least: Double, isFull: Bool
  ) -> Self {
    let size = points[0].count
    // One that no point belongs to keeps a place at 0, of no share.
    let total = max(weights.reduce(0, +), .leastNormalMagnitude)
    var mean = [Double](repeating: 0, count: size)
    for (point, weight) in zip(points, weights) where weight > 0 {
      for place in 0..<size { mean[place] += weight / total * point[place] }
    }
    var covariance = [Double](repeating: 0, count: isFull ? size * (size + 1) / 2 : size)
    var distance = [Double](repeating: 0, count: size)
    for (point, weight) in zip(points, weights) where weight > 1e-9 {
      for place in 0..<size { distance[place] = point[place] - mean[place] }
      for row in 0..<size {
        let scaled = weight / total * distance[row]
        if isFull {
          let start = row * (row + 1) / 2
          for column in 0...row { covariance[start + column] += scaled * distance[column] }
        } else {
          covariance[row] += scaled * distance[row]
        }
      }
    }
    guard isFull else {
      return Self(share: share, mean: mean, factor: covariance.map { ($0 + least).squareRoot() })
    }
    for row in 0..<size { covariance[row * (row + 1) / 2 + row] += least }
    return Self(share: share, mean: mean, factor: cholesky(covariance, size, least))
  }

  /// The factor L of a covariance L·Lᵀ, lower triangles by rows.
  private static func cholesky(_ matrix: [Double], _ size: Int, _ least: Double) -> [Double] {
    var factor = matrix
    for row in 0..<size {
      let start = row * (row + 1) / 2
      for column in 0...row {
        let other = column * (column + 1) / 2
        var sum = factor[start + column]
        for place in 0..<column { sum -= factor[start + place] * factor[other + place] }
        factor[start + column] =
          row == column ? max(sum, least).squareRoot() : sum / factor[other + column]
      }
    }
    return factor
  }

  /// The logarithm of share times density at a point, without the factor of all Gaussians.
  func logDensity(_ point: [Double], isFull: Bool) -> Double {
    guard share > 0 else { return -.greatestFiniteMagnitude }
    var result = Double.log(share)
    var solved = [Double](repeating: 0, count: isFull ? point.count : 0)
    for row in point.indices {
      var value = point[row] - mean[row]
      var pivot = isFull ? 0 : factor[row]
      if isFull {
        let start = row * (row + 1) / 2
        for place in 0..<row { value -= factor[start + place] * solved[place] }
        pivot = factor[start + row]
      }
      value /= pivot
      if isFull { solved[row] = value }
      result -= 0.5 * value * value + .log(pivot)
    }
    return result
  }
}
