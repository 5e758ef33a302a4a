/// What a key may hold. A scalar is typed from its raw text by these rules and no others, so that
/// `no`, `012` and `12:30` cannot become something a person did not write.
public indirect enum ConfigurationType: Sendable, Equatable {
  /// A decimal whole number in a range, without leading zeros.
  case integer(ClosedRange<Int>)
  /// A finite decimal number in a range, such as 0.001 or 1e-3.
  case number(ClosedRange<Double>)
  /// `true` or `false`.
  case flag
  /// A text whose length in characters lies in a range.
  case text(length: ClosedRange<Int>)
  /// One of some names.
  case choice([String])
  /// Values of one type, as many as a range allows.
  case list(of: ConfigurationType, count: ClosedRange<Int>)

  /// The type in one word, as `describe --json` names it.
  public var name: String {
    switch self {
    case .integer: "integer"
    case .number: "number"
    case .flag: "flag"
    case .text: "text"
    case .choice: "choice"
    case .list(let element, _): "list of \(element.name)"
    }
  }

  /// The values it allows, such as "1...512", "adam, sgd" or "0...16 of 1...65536".
  public var allowed: String {
    switch self {
    case .integer(let range): Self.text(of: range)
    case .number(let range): Self.text(of: range)
    case .flag: "true, false"
    case .text(let length): "\(Self.text(of: length)) characters"
    case .choice(let names): names.joined(separator: ", ")
    case .list(let element, let count): "\(Self.text(of: count)) of \(element.allowed)"
    }
  }

  /// The values it allows as the rest of "must be", such as "a whole number in 1...512 (epochs)".
  func expectation(unit: String?) -> String {
    let measure = unit.map { " (\($0))" } ?? ""
    return switch self {
    case .integer: "a whole number in \(allowed)\(measure)"
    case .number: "a number in \(allowed)\(measure)"
    case .flag: "true or false"
    case .text: "a text of \(allowed)"
    case .choice: "one of \(allowed)"
    case .list(let element, let count):
      "a list of \(Self.text(of: count)) values, each \(element.expectation(unit: unit))"
    }
  }

  private static func text(of range: ClosedRange<Int>) -> String {
    "\(range.lowerBound)..." + (range.upperBound == .max ? "" : "\(range.upperBound)")
  }

  private static func text(of range: ClosedRange<Double>) -> String {
    func text(_ bound: Double) -> String {
      // Up to 2^53 every whole number is itself.
      abs(bound) <= 0x1p53 ? Int(exactly: bound).map { "\($0)" } ?? "\(bound)" : "\(bound)"
    }
    let upper = range.upperBound == .greatestFiniteMagnitude ? "" : text(range.upperBound)
    return "\(text(range.lowerBound))...\(upper)"
  }

  /// Whether a value is one that the type allows.
  func contains(_ value: ConfigurationValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let number)): range.contains(number)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.flag, .flag): true
    case (.text(let length), .text(let text)): length.contains(text.count)
    case (.choice(let names), .text(let name)): names.contains(name)
    case (.list(let element, let count), .list(let values)):
      count.contains(values.count) && values.allSatisfy(element.contains)
    default: false
    }
  }
}

// MARK: Reading

extension ConfigurationType {
  /// A node that does not hold what its key allows.
  struct Mismatch: Error {
    /// The element, such as "[3]", when it is one of a list that is wrong.
    var element = ""
    /// What would be right, as the rest of "must be".
    let expectation: String
    let node: ConfigurationNode
    let help: String?
  }

  /// The value that a node holds.
  func value(
    of node: ConfigurationNode, unit: String?
  ) throws(Mismatch) -> ConfigurationValue {
    if case .list(let element, let count) = self {
      guard case .list(let nodes) = node.content, count.contains(nodes.count) else {
        throw Mismatch(
          expectation: expectation(unit: unit), node: node,
          help: node.isScalar ? "write a list as [a, b]" : nil)
      }
      var values: [ConfigurationValue] = []
      for (index, node) in nodes.enumerated() {
        do {
          values.append(try element.value(of: node, unit: unit))
        } catch {
          throw Mismatch(
            element: "[\(index)]" + error.element, expectation: error.expectation,
            node: error.node, help: error.help)
        }
      }
      return .list(values)
    }
    if case .scalar(let text, let isQuoted) = node.content,
      let value = scalar(text, isQuoted: isQuoted), contains(value)
    {
      return value
    }
    throw Mismatch(expectation: expectation(unit: unit), node: node, help: help(for: node))
  }

  /// Whether a value that was written as `old` may become another by a rule.
  func reads(
    _ old: String, changedTo new: ConfigurationValue, by change: ConfigurationChange
  ) -> Bool {
    guard change != .any else { return true }
    return scalar(old, isQuoted: false).map { change.allows($0, new) } ?? false
  }

  /// The value that a scalar's text stands for, whether or not it is in range.
  private func scalar(_ text: String, isQuoted: Bool) -> ConfigurationValue? {
    switch self {
    case .text, .choice:
      return text.isEmpty && !isQuoted ? nil : .text(text)
    case .integer where !isQuoted && text.isWholeNumber:
      return Int(text).map { .integer($0) }
    case .number where !isQuoted && text.isDecimalNumber:
      return Double(text).map { .number($0) }
    case .flag where !isQuoted:
      return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
    default:
      return nil
    }
  }

  /// The way out of some common slips.
  private func help(for node: ConfigurationNode) -> String? {
    guard case .scalar(let text, let isQuoted) = node.content else { return nil }
    switch self {
    case .choice(let names):
      return nearest(to: text, in: names).map { "did you mean '\($0)'?" }
    case .text:
      return text.isEmpty && !isQuoted ? "write \"\" for an empty text" : nil
    default:
      guard isQuoted, let value = scalar(text, isQuoted: false), contains(value) else { return nil }
      return "remove the quotes"
    }
  }
}

extension ConfigurationNode {
  fileprivate var isScalar: Bool {
    if case .scalar = content { true } else { false }
  }
}
