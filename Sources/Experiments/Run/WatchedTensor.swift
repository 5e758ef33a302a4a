import RealModule
import TensorEngine

/// What is told of a tensor that was watched in one step: a row of `images/watch/epoch-0001.csv`.
struct WatchedTensor: Hashable {
  /// The part that it plays.
  enum Role: String {
    case weight, gradient, change, activation
  }

  /// Bins of a histogram, of equal width from the least number to the greatest.
  static let bins = 30
  /// The names of the columns.
  static let columns = [
    "step", "role", "name", "kind", "count", "mean", "deviation", "least", "greatest", "norm",
    "zeros", "dead", "changeShare", "histogram",
  ]

  let step: Int
  let role: Role
  /// The parameter's name, or the layer's path.
  let name: String
  /// The layer's kind; empty for parameters.
  let kind: String
  let count: Int
  let mean: Double
  let deviation: Double
  let least: Double
  let greatest: Double
  /// The root of the sum of squares.
  let norm: Double
  /// The share of numbers that are 0.
  let zeros: Double
  /// The share of units that are 0 for the whole batch: of layers that give no number below 0 and
  /// some zeros, as ReLUs do; nil of others. Units are the channels of [N, C, H, W], elsewhere the
  /// places along the last axis.
  let dead: Double?
  /// Of a weight, the norm of what a step adds to it by its own; nil of others.
  var changeShare: Double?
  /// How many numbers are in each bin; empty where they are not finite.
  let histogram: [Int]

  /// Looks at a tensor.
  init(
    _ value: TensorValue<Float>, _ role: Role, of name: String, kind: String = "", step: Int
  ) {
    (self.step, self.role, self.name, self.kind) = (step, role, name, kind)
    count = value.scalars.count
    var (sum, squares, zeroCount) = (0.0, 0.0, 0)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for scalar in value.scalars {
      let number = Double(scalar)
      sum += number
      squares += number * number
      if scalar == 0 { zeroCount += 1 }
      least = min(least, number)
      greatest = max(greatest, number)
    }
    let total = Double(max(count, 1))
    (self.least, self.greatest) = count == 0 ? (0, 0) : (least, greatest)
    mean = sum / total
    deviation = Double.sqrt(max(0, squares / total - mean * mean))
    norm = Double.sqrt(squares)
    zeros = Double(zeroCount) / total
    dead =
      role == .activation && zeroCount > 0 && least >= 0 ? Self.deadShare(of: value) : nil
    histogram = Self.histogram(of: value.scalars, from: least, to: greatest)
  }

  private static func deadShare(of value: TensorValue<Float>) -> Double {
    let shape = value.shape
    guard shape.rank > 1 else { return 0 }
    let axis = shape.rank == 4 ? 1 : shape.rank - 1
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    var isAlive = [Bool](repeating: false, count: shape[axis])
    for (place, scalar) in value.scalars.enumerated() where scalar != 0 {
      isAlive[place / inner % shape[axis]] = true
    }
    return Double(isAlive.count { !$0 }) / Double(max(isAlive.count, 1))
  }

  private static func histogram(
    of scalars: [Float], from least: Double, to greatest: Double
  ) -> [Int] {
    // A number that is not finite makes the width so.
    let width = (greatest - least) / Double(bins)
    guard width.isFinite, scalars.allSatisfy(\.isFinite) else { return [] }
    var counts = [Int](repeating: 0, count: bins)
    for scalar in scalars {
      let bin = width > 0 ? Int((Double(scalar) - least) / width) : 0
      counts[min(max(bin, 0), bins - 1)] += 1
    }
    return counts
  }
}

extension WatchedTensor {
  /// The cells of its row.
  var row: [String] {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    return [
      "\(step)", role.rawValue, name, kind, "\(count)", "\(mean)", "\(deviation)", "\(least)",
      "\(greatest)", "\(norm)", "\(zeros)", text(dead), text(changeShare),
      histogram.map(String.init).joined(separator: " "),
    ]
  }

  /// Reads a row; nil when it is none.
  init?(row: Substring) {
    let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard cells.count == Self.columns.count, let step = Int(cells[0]),
      let role = Role(rawValue: cells[1]), let count = Int(cells[4])
    else { return nil }
    let numbers = cells[5...10].compactMap(Double.init)
    let histogram = cells[13].split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 6, histogram.isEmpty || histogram.count == Self.bins else { return nil }
    (self.step, self.role, self.count) = (step, role, count)
    (name, kind) = (cells[2], cells[3])
    (mean, deviation, least) = (numbers[0], numbers[1], numbers[2])
    (greatest, norm, zeros) = (numbers[3], numbers[4], numbers[5])
    (dead, changeShare) = (Double(cells[11]), Double(cells[12]))
    self.histogram = histogram
  }
}
