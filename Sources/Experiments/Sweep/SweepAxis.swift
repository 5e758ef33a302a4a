/// A key of a sweep and the values that it takes: `learningRate=1e-3,1e-4`, `seed=0..4`,
/// `hidden=[256],[512, 256]`.
public struct SweepAxis: Sendable, Hashable {
  /// The key, as a person writes it.
  public let key: String
  /// Its values, as a person writes them, at least one; each once.
  public let values: [String]

  /// The most values of one key.
  static let greatestCount = 10_000

  /// Reads `key=values`: values are separated by commas outside brackets and quotes; `a..b` is
  /// every whole number from a to b.
  ///
  /// - Throws: `ConfigurationError`, with the place in the text.
  public init(_ text: String) throws(ConfigurationError) {
    let source = try SourceText(override: text)
    let characters = Array(text.unicodeScalars)
    func place(_ range: Range<Int>) -> SourcePlace {
      SourcePlace(source: source, line: 1, column: range.lowerBound + 1, length: range.count)
    }
    let help = "write key=value,value or key=0..4, such as optimizer.learningRate=1e-3,1e-4"
    guard let equals = characters.firstIndex(of: "="), equals > 0 else {
      throw ConfigurationError(
        "a sweep takes keys with their values", at: place(0..<characters.count), help: help)
    }
    key = Self.text(characters[..<equals])
    var values: [String] = []
    for range in Self.parts(of: characters, from: equals + 1) {
      let value = Self.text(characters[range])
      guard !value.isEmpty else {
        throw ConfigurationError("a value is missing here", at: place(range), help: help)
      }
      guard let bounds = Self.wholeNumbers(value) else {
        values.append(value)
        continue
      }
      let (distance, overflow) = bounds.last.subtractingReportingOverflow(bounds.first)
      guard distance >= 0 || overflow else {
        throw ConfigurationError(
          "the range ends before it begins", at: place(range),
          help: "write \(bounds.last)..\(bounds.first)")
      }
      guard !overflow, distance < Self.greatestCount else {
        throw ConfigurationError(
          "a range of more than \(Self.greatestCount) values", at: place(range))
      }
      values += (bounds.first...bounds.last).map(String.init)
    }
    self.values = values.distinct
  }

  /// The ranges of the values, split at the commas that are in no bracket and no quote.
  private static func parts(of characters: [Unicode.Scalar], from start: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var begin = start
    var depth = 0
    var quote: Unicode.Scalar?
    for index in start..<characters.count {
      let character = characters[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "," where depth <= 0:
        parts.append(begin..<index)
        begin = index + 1
      default: break
      }
    }
    return parts + [begin..<characters.count]
  }

  /// The ends of `a..b`; nil for any other text.
  private static func wholeNumbers(_ text: String) -> (first: Int, last: Int)? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    let (first, last) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    guard first.isWholeNumber, last.isWholeNumber, let first = Int(first), let last = Int(last)
    else { return nil }
    return (first, last)
  }

  private static func text(_ characters: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: characters)
    return String(view)
  }
}
