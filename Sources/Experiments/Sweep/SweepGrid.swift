import Randomness

/// The product of the axes of a sweep: every choice of one value a key, the last key turning
/// fastest.
struct SweepGrid {
  /// The keys with their values; no key twice.
  let axes: [SweepAxis]
  /// How many choices there are.
  let count: Int

  /// The most choices that cells can be drawn from.
  private static let greatestCount = 1_000_000
  /// The most cells that one sweep trains.
  private static let greatestCellCount = 10_000

  /// - Throws: `ConfigurationError` when there are too many choices.
  init(_ axes: [SweepAxis]) throws(ConfigurationError) {
    var count = 1
    for axis in axes {
      count = min(count, Self.greatestCount + 1) * axis.values.count
    }
    guard count <= Self.greatestCount else {
      throw ConfigurationError(
        "a sweep over more than \(Self.greatestCount) choices", at: nil,
        help: "give fewer keys or fewer values")
    }
    (self.axes, self.count) = (axes, count)
  }

  /// Every choice in order, or `number` of them at random: always the same ones, and those of a
  /// smaller number are among those of a greater one.
  func choices(random number: Int?) throws(ConfigurationError) -> [[String]] {
    let places: [Int]
    if let number {
      var stream = RandomStream(seed: 0, name: "sweep")
      places = stream.permutation(of: count).prefix(number).map { Int($0) }
    } else {
      places = Array(0..<count)
    }
    guard places.count <= Self.greatestCellCount else {
      throw ConfigurationError(
        "a sweep of \(places.count) runs; one takes at most \(Self.greatestCellCount)", at: nil,
        help: "give fewer values, or draw some with --random")
    }
    return places.map(choice)
  }

  /// The choice at a place of the product, in 0 ..< `count`.
  private func choice(_ place: Int) -> [String] {
    var rest = place
    var values: [String] = []
    for axis in axes.reversed() {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: axis.values.count)
      values.append(axis.values[remainder])
      rest = quotient
    }
    return values.reversed()
  }
}
