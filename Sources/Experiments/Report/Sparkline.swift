/// A curve in one line of block characters: `▇▅▄▃▂▂▁▁`.
public enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// The values in at most `width` characters, each the mean of its part; those that are not finite
  /// do not count. Equal values lie in the middle.
  public static func text(_ values: [Double], width: Int) -> String {
    let values = values.filter(\.isFinite)
    let count = min(values.count, width)
    guard count > 0 else { return "" }
    let means = (0..<count).map { part in
      let range = part * values.count / count..<(part + 1) * values.count / count
      // Divided first: the sum of the largest values would be infinite.
      return range.reduce(0) { $0 + values[$1] / Double(range.count) }
    }
    let lowest = means.reduce(.infinity, min)
    let highest = means.reduce(-.infinity, max)
    return String(
      means.map { mean in
        let share = mean / 2 - lowest / 2
        let span = highest / 2 - lowest / 2
        guard span > 0 else { return blocks[blocks.count / 2] }
        return blocks[min(Int(share / span * Double(blocks.count)), blocks.count - 1)]
      })
  }
}
