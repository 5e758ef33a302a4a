import RealModule

/// How likely each place of a replay buffer is to be drawn (Schaul, Quan, Antonoglou and Silver,
/// "Prioritized experience replay", 2016, the proportional variant).
///
/// Differs from the paper: weights are scaled by the largest of their batch, as there, but places are
/// drawn from the whole sum, not one from each of as many equal parts as the batch has.
public struct Priorities {
  /// Added to errors, so that no step is never drawn again.
  private static let smallestError = 1e-6

  /// How much errors matter: 0 draws evenly, 1 in proportion.
  public let exponent: Double
  /// What each place was drawn by so far.
  public internal(set) var tree: SumTree
  /// The greatest priority so far, which new steps take.
  public internal(set) var greatest = 1.0

  /// Priorities of zero.
  public init(placeCount: Int, exponent: Double) {
    tree = SumTree(count: placeCount)
    self.exponent = exponent
  }

  /// Lets a new step be drawn soon.
  public mutating func add(_ place: Int) { tree[place] = greatest }

  /// Never draws a place.
  public mutating func remove(_ place: Int) { tree[place] = 0 }

  /// Takes what was learnt of drawn places into account.
  public mutating func update(_ places: [Int], errors: [Float]) {
    for (place, error) in zip(places, errors) {
      let priority = Double.pow(Double(abs(error)) + Self.smallestError, exponent)
      tree[place] = priority
      greatest = max(greatest, priority)
    }
  }

  /// What the errors of drawn places count for, so that the mean stays that of even draws where
  /// `correction` is 1.
  public func weights(
    of places: [Int], among count: Int, correction: Double, into weights: inout [Float]
  ) {
    var largest: Float = 0
    for (row, place) in places.enumerated() {
      weights[row] = Float(Double.pow(Double(count) * tree[place] / tree.total, -correction))
      largest = max(largest, weights[row])
    }
    for row in weights.indices { weights[row] /= largest }
  }
}
