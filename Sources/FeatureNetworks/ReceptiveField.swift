/// What one place of a layer sees of the picture along an axis.
struct ReceptiveField {
  /// Pixels from one place to the next.
  private(set) var stride = 1
  /// Pixels seen before a place's first own one, at most.
  private var before = 0
  /// Pixels seen after a place's first own one, at most.
  private var after = 0

  /// Pixels seen beyond the place's own `stride` ones, to each side, at most.
  var reach: Int { max(before, after - (stride - 1), 0) }

  /// Lets windows move over the places.
  ///
  /// - Parameters:
  ///   - size: places of a window.
  ///   - step: places from one window to the next.
  ///   - padding: the fewest and the most places that can be in front of the first.
  mutating func look(through size: Int, step: Int, padding: ClosedRange<Int>) {
    before += padding.upperBound * stride
    after += (size - 1 - padding.lowerBound) * stride
    stride *= step
  }
}
