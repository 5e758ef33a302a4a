import Randomness
import TensorEngine

/// A style is the whole distribution of its features: seen from each of many random directions, the
/// features of all places in order (Heitz, Vanhoey, Chambon and Belcour, "A sliced Wasserstein loss
/// for neural texture synthesis", 2021).
///
/// Differs from the paper: the directions are drawn once, as many as there are features and at most
/// 128; a style of another size than the picture's is told by as many of its quantiles; a distance
/// is relative to the style's own.
struct SlicedWassersteinStatistics: StyleStatistics {
  private static let greatestDirections = 128
  /// The quantiles that are kept: more than the pictures have places in most layers.
  private static let quantiles = 4096

  func target(of features: Tensor, _ places: PlaceWeights?) -> Tensor {
    quantiles(of: features, count: Self.quantiles)
  }

  func distance(from features: Tensor, _ places: PlaceWeights?, to target: Tensor) -> Tensor {
    let count = features.shape[2] * features.shape[3]
    let least = min(count, Self.quantiles)
    return quantiles(of: features, count: least)
      .relativeDistance(to: Self.picked(target, count: least))
  }

  /// The features' projections in order, [directions, count].
  private func quantiles(of features: Tensor, count: Int) -> Tensor {
    let channels = features.shape[1]
    let flat = features.reshaped(to: [channels, features.shape[2] * features.shape[3]])
    let directions = Self.directions(channels)
    let projections = features.graph
      .state("target.directions\(channels)", initial: directions).matmul(flat)
    return Self.picked(projections.sorted(axis: 1), count: count)
  }

  /// `count` of the numbers along axis 1, evenly from the first to the last.
  private static func picked(_ ordered: Tensor, count: Int) -> Tensor {
    let extent = ordered.shape[1]
    guard extent != count else { return ordered }
    let places = (0..<count).map { (2 * $0 + 1) * extent / (2 * count) }
    let indices = ordered.graph.constant(places.map(Double.init), shape: [count])
    return ordered.gathered(at: indices.index(), axis: 1)
  }

  /// Directions of length 1, [directions, channels].
  private static func directions(_ channels: Int) -> TensorValue<Float> {
    let count = min(channels, greatestDirections)
    return TensorValue(
      shape: [count, channels],
      drawnBy: {
        var random = RandomStream(seed: 0, name: "directions of \(channels) features")
        return (0..<count).flatMap { _ in
          let numbers = (0..<channels).map { _ in random.normal() }
          let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return numbers.map { Float($0 / length) }
        }
      })
  }
}
