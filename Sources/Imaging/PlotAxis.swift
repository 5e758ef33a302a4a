import Glibc

/// One axis of a plot: which values it spans and where its labels are.
struct PlotAxis {
  /// A labelled value.
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  /// What the axis shows.
  let label: String
  /// Whether equal steps are equal ratios.
  let isLogarithmic: Bool
  /// The labelled values, ascending.
  let ticks: [Tick]
  /// The values at both ends, as logarithms to base 10 on a logarithmic axis.
  private let span: ClosedRange<Double>

  /// Larger values, which are of no use to a reader, count as not finite.
  private static let largest = 1e100

  /// An axis over all values that can be shown, widened by a part of their span at both ends.
  init(
    label: String, values: some Sequence<Double>, isLogarithmic: Bool = false,
    widenedBy part: Double,
    tickCount: Int
  ) {
    self.label = label
    self.isLogarithmic = isLogarithmic
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for value in values where Self.shows(value, isLogarithmic: isLogarithmic) {
      let place = isLogarithmic ? log10(value) : value
      lowest = min(lowest, place)
      highest = max(highest, place)
    }
    if lowest > highest { (lowest, highest) = (0, 1) }
    let size = max(abs(lowest), abs(highest))
    if highest - lowest <= size * 1e-9 || size < 1 / Self.largest {
      // One value only: it goes to the middle.
      let room = size < 1 / Self.largest || isLogarithmic ? 0.5 : size * 0.1
      (lowest, highest) = (lowest - room, highest + room)
    } else {
      let room = (highest - lowest) * part
      (lowest, highest) = (lowest - room, highest + room)
    }
    span = lowest...highest
    ticks =
      isLogarithmic
      ? PlotTicks.logarithmic(span, count: tickCount) : PlotTicks.linear(span, count: tickCount)
  }

  /// Where a value is, from 0 (the lower end) to 1; nil for a gap: what is not finite, and what is
  /// not positive on a logarithmic axis.
  func position(of value: Double) -> Double? {
    guard Self.shows(value, isLogarithmic: isLogarithmic) else { return nil }
    let place = isLogarithmic ? log10(value) : value
    return (place - span.lowerBound) / (span.upperBound - span.lowerBound)
  }

  private static func shows(_ value: Double, isLogarithmic: Bool) -> Bool {
    abs(value) <= largest && (!isLogarithmic || value >= 1 / largest)
  }
}

/// Round values for the labels of an axis.
enum PlotTicks {
  /// Multiples of 1, 2 or 5 times a power of ten inside a span, about `count` of them.
  static func linear(_ span: ClosedRange<Double>, count: Int) -> [PlotAxis.Tick] {
    let step = step(for: (span.upperBound - span.lowerBound) / Double(count))
    let size = Double(step.factor) * pow(10, Double(step.exponent))
    // The ends may be ticks, whatever the rounding.
    let first = Int((span.lowerBound / size - 1e-6).rounded(.up))
    let last = Int((span.upperBound / size + 1e-6).rounded(.down))
    guard first <= last else { return [] }
    let numbers = (first...last).map {
      DecimalNumber(digits: $0 * step.factor, exponent: step.exponent)
    }
    return ticks(numbers)
  }

  /// Powers of ten in a span of logarithms; where that gives too few also their 2- and 5-fold, and
  /// where these are too few as well, round steps.
  static func logarithmic(_ span: ClosedRange<Double>, count: Int) -> [PlotAxis.Tick] {
    let decades = Array(
      stride(
        from: Int(span.lowerBound.rounded(.up)), through: Int(span.upperBound.rounded(.down)),
        by: 1))
    if decades.count >= 3 {
      let pace = (decades.count + count - 1) / count
      return decades.filter { $0.isMultiple(of: pace) }.map { tick(1, $0) }
    }
    let exponents = Int(span.lowerBound.rounded(.down))...Int(span.upperBound.rounded(.down))
    let inside = exponents.flatMap { exponent in [1, 2, 5].map { tick($0, exponent) } }
      .filter { span.contains(log10($0.value)) }
    if inside.count >= 3 { return inside }
    return linear(pow(10, span.lowerBound)...pow(10, span.upperBound), count: count)
  }

  private static func tick(_ factor: Int, _ exponent: Int) -> PlotAxis.Tick {
    let number = DecimalNumber(digits: factor, exponent: exponent)
    return PlotAxis.Tick(value: number.value, label: number.shortest)
  }

  /// The round step nearest to a size, by ratio: its factor 1, 2 or 5 and its power of ten.
  private static func step(for size: Double) -> (factor: Int, exponent: Int) {
    let exponent = Int(log10(size).rounded(.down))
    switch size / pow(10, Double(exponent)) {
    case ..<(2.0.squareRoot()): return (1, exponent)
    case ..<(10.0.squareRoot()): return (2, exponent)
    case ..<(50.0.squareRoot()): return (5, exponent)
    default: return (1, exponent + 1)
    }
  }

  /// Labels that share their unit: thousands k, millions M, billions G, or a power of ten.
  private static func ticks(_ numbers: [DecimalNumber]) -> [PlotAxis.Tick] {
    let largest = numbers.map { abs($0.value) }.max() ?? 0
    let unit: (exponent: Int, suffix: String)? =
      switch largest {
      case 0: (0, "")
      case ..<1e-3: nil
      case ..<1e5: (0, "")
      case ..<1e6: (3, "k")
      case ..<1e9: (6, "M")
      case ..<1e12: (9, "G")
      default: nil
      }
    return numbers.map { number in
      guard number.digits != 0 else { return PlotAxis.Tick(value: 0, label: "0") }
      guard let unit else { return PlotAxis.Tick(value: number.value, label: number.scientific) }
      let scaled = DecimalNumber(digits: number.digits, exponent: number.exponent - unit.exponent)
      return PlotAxis.Tick(value: number.value, label: scaled.plain + unit.suffix)
    }
  }
}

/// digits * 10^exponent, written without rounding.
private struct DecimalNumber {
  var digits: Int
  var exponent: Int

  var value: Double {
    exponent < 0
      ? Double(digits) / pow(10, Double(-exponent)) : Double(digits) * pow(10, Double(exponent))
  }

  private var sign: String { digits < 0 ? "-" : "" }

  /// As in 1500 or 0.25.
  var plain: String {
    let text = String(digits.magnitude)
    if exponent >= 0 { return sign + text + String(repeating: "0", count: exponent) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }

  /// As in 1.5e-7.
  var scientific: String {
    var text = String(digits.magnitude)
    let power = exponent + text.count - 1
    while text.count > 1, text.last == "0" { text.removeLast() }
    let rest = text.count > 1 ? "." + text.dropFirst() : ""
    return sign + text.prefix(1) + rest + "e\(power)"
  }

  /// Plain where that has few zeros, scientific elsewhere.
  var shortest: String {
    -3...4 ~= exponent ? plain : scientific
  }
}
