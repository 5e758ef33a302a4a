/// Named measures in a fixed order: `["loss": 262.1, "reconstruction": 255.0, "kl": 7.1]`.
///
/// The first measure is the one that progress lines and summaries show.
public struct Metrics: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// One measure of a step or of an evaluation.
  public struct Measure: Sendable, Hashable {
    /// What was measured: letters, digits, `.`, `-` and `_`.
    public let name: String
    /// The value, in the unit that the module documents in `metricUnits`.
    public let value: Double
  }

  /// The measures, in the order they were added.
  public private(set) var measures: [Measure] = []

  /// Names that a line of `metrics.jsonl` uses for itself.
  static let reservedNames = ["kind", "step", "epoch"]

  /// No measure at all.
  public init() {}

  /// The given measures, in the given order.
  public init(dictionaryLiteral elements: (String, Double)...) {
    for (name, value) in elements {
      append(name, value)
    }
  }

  /// Adds a measure after the others. Its name must be new and must not be reserved.
  public mutating func append(_ name: String, _ value: Double) {
    precondition(Self.isName(name), "'\(name)' cannot name a measure")
    precondition(self[name] == nil, "measure '\(name)' is given twice")
    measures.append(Measure(name: name, value: value))
  }

  /// The value of a measure, or nil when there is none of that name.
  public subscript(name: String) -> Double? {
    measures.first { $0.name == name }?.value
  }

  /// The first measure that is infinite or not a number.
  public var firstNonFinite: Measure? {
    measures.first { !$0.value.isFinite }
  }

  /// Whether a measure can have this name.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy(isNameByte) && !reservedNames.contains(name)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
