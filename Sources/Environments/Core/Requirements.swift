// What several environments ask of their arguments, and how they write observations.

extension Environment {
  /// Refuses an action that is not one of the first `count` integers.
  func require(_ action: Int, below count: Int) throws(EnvironmentError) {
    guard 0..<count ~= action else {
      throw EnvironmentError(
        .invalidAction, "action \(action) is not in 0...\(count - 1)")
    }
  }

  /// Refuses an action that is not `count` finite numbers.
  func require(_ action: [Float], count: Int) throws(EnvironmentError) {
    guard action.count == count else {
      throw EnvironmentError(.invalidAction, "an action of \(action.count) numbers, not \(count)")
    }
    guard action.allSatisfy(\.isFinite) else {
      throw EnvironmentError(.invalidAction, "action \(action) is not finite")
    }
  }

  /// The options `low` and `high` of a reset, as Gymnasium's classic control has them.
  func resetBounds(
    _ options: [String: Double], _ usual: ClosedRange<Double>
  ) throws(EnvironmentError) -> ClosedRange<Double> {
    try refuseOptions(options, except: ["low", "high"])
    let (low, high) = (options["low"] ?? usual.lowerBound, options["high"] ?? usual.upperBound)
    guard low <= high else {
      throw EnvironmentError(
        .invalidOption, "option 'low' of a reset, \(low), is above 'high', \(high)")
    }
    let greatest = Double(Float.greatestFiniteMagnitude)
    guard -greatest <= low, high <= greatest else {
      throw EnvironmentError(
        .invalidOption, "options 'low' and 'high' of a reset, \(low) and \(high), are too great")
    }
    return low...high
  }
}

extension Array where Element: SpaceNumber {
  /// Writes `count` numbers in place, in storage that is there already unless it is of another size.
  mutating func fill(count: Int, _ write: (inout MutableSpan<Element>) -> Void) {
    if self.count != count { self = [Element](repeating: Element(number: 0), count: count) }
    var numbers = mutableSpan
    write(&numbers)
  }
}
