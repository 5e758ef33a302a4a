/// A named setting of an operation.
public struct Attribute: Hashable, Sendable {
  /// What an attribute can hold.
  public enum Value: Hashable, Sendable {
    case integer(Int)
    case integers([Int])
    case number(Double)
    case flag(Bool)
    case word(String)
  }

  /// What kind of value an attribute takes.
  public enum Kind: Hashable, Sendable {
    case integer, integers, number, flag
    /// One of some words.
    case word([String])
  }

  /// The name, such as "axes".
  public let name: String
  /// What it takes.
  public let kind: Kind
  /// What it is when it is not given; nil when it must be given, or when leaving it out means
  /// something of its own, as in "all axes".
  public let standard: Value?
  /// Whether it can be left out.
  public let isOptional: Bool

  /// An attribute that must be given.
  static func required(_ name: String, _ kind: Kind) -> Attribute {
    Attribute(name: name, kind: kind, standard: nil, isOptional: false)
  }

  /// An attribute that can be left out.
  static func optional(_ name: String, _ kind: Kind, _ standard: Value? = nil) -> Attribute {
    Attribute(name: name, kind: kind, standard: standard, isOptional: true)
  }
}

/// What is wrong with how an operation was called, on one line.
public struct CallError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation, what it was called with and what was expected.
  public let description: String
}

/// The attributes of one call: all of the right kind, with the standard values of those left out.
/// Reading one under another kind than it was declared with is a mistake of the operation.
struct Attributes: Sendable {
  private let values: [String: Attribute.Value]

  init(
    _ given: [String: Attribute.Value], for operation: Operation
  ) throws(CallError) {
    var values: [String: Attribute.Value] = [:]
    for attribute in operation.attributes {
      guard let value = given[attribute.name] ?? attribute.standard else {
        if attribute.isOptional { continue }
        throw CallError(
          description: "\(operation.name): the attribute \(attribute.name) is missing; it takes "
            + attribute.kind.description)
      }
      guard let accepted = attribute.kind.accepting(value) else {
        throw CallError(
          description: "\(operation.name): the attribute \(attribute.name) takes "
            + attribute.kind.description)
      }
      values[attribute.name] = accepted
    }
    let known = Set(operation.attributes.map(\.name))
    if let name = given.keys.sorted().first(where: { !known.contains($0) }) {
      let list = operation.attributes.map(\.name).joined(separator: ", ")
      throw CallError(
        description: "\(operation.name): no attribute \(name); it has "
          + (list.isEmpty ? "none" : list))
    }
    self.values = values
  }

  func isGiven(_ name: String) -> Bool { values[name] != nil }

  func integer(_ name: String) -> Int {
    guard case .integer(let value)? = values[name] else { undeclared(name) }
    return value
  }

  func integers(_ name: String) -> [Int] {
    guard let value = optionalIntegers(name) else { undeclared(name) }
    return value
  }

  /// The integers, or nil when they were left out.
  func optionalIntegers(_ name: String) -> [Int]? {
    guard case .integers(let value)? = values[name] else { return nil }
    return value
  }

  func number(_ name: String) -> Double {
    guard case .number(let value)? = values[name] else { undeclared(name) }
    return value
  }

  func flag(_ name: String) -> Bool {
    guard case .flag(let value)? = values[name] else { undeclared(name) }
    return value
  }

  func word(_ name: String) -> String {
    guard case .word(let value)? = values[name] else { undeclared(name) }
    return value
  }

  /// The whole numbers as a shape; nil if one is negative.
  func shape(_ name: String = "shape") -> Shape? {
    let extents = integers(name)
    return extents.allSatisfy { $0 >= 0 } ? Shape(extents) : nil
  }

  /// One whole number for each of two axes, of which one may have been given for both.
  func pair(_ name: String) -> SIMD2<Int>? {
    let values = integers(name)
    guard let first = values.first, let last = values.last, values.count <= 2 else { return nil }
    return SIMD2(first, last)
  }

  private func undeclared(_ name: String) -> Never {
    preconditionFailure("the attribute \(name) was read as it was not declared")
  }
}

extension Attribute.Kind: CustomStringConvertible {
  /// What is expected, as in "whole numbers such as 0,2".
  public var description: String {
    switch self {
    case .integer: "a whole number"
    case .integers: "whole numbers such as 0,2"
    case .number: "a number"
    case .flag: "true or false"
    case .word(let words): "one of " + words.joined(separator: ", ")
    }
  }

  /// Whole numbers from outside stay so small that shape rules can reckon with them.
  private static var bounds: ClosedRange<Int> { -1 << 30...1 << 30 }

  /// The value as this kind, or nil: a whole number serves as a number and as a list of one; what
  /// is not a number is no value.
  fileprivate func accepting(_ value: Attribute.Value) -> Attribute.Value? {
    switch (self, value) {
    case (.integer, .integer(let one)) where Self.bounds.contains(one): value
    case (.integers, .integers(let all)) where all.allSatisfy(Self.bounds.contains): value
    case (.integers, .integer(let one)) where Self.bounds.contains(one): .integers([one])
    case (.number, .integer(let whole)): .number(Double(whole))
    case (.number, .number(let number)) where !number.isNaN: value
    case (.flag, .flag): value
    case (.word(let words), .word(let word)) where words.contains(word): value
    default: nil
    }
  }
}

extension Attribute.Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  /// A word.
  public init(stringLiteral value: String) { self = .word(value) }
  /// Whole numbers.
  public init(arrayLiteral elements: Int...) { self = .integers(elements) }
}

extension Attribute {
  /// The value that a text such as "0,2", "0.5", "true" or "same" gives this attribute; nil if it
  /// is no such value. Nothing at all is an empty list.
  public func value(of text: String) -> Value? {
    let value: Value? =
      switch kind {
      case .integer: Int(text).map { .integer($0) }
      case .integers: Self.integers(text).map { .integers($0) }
      case .number: Double(text).map { .number($0) }
      case .flag: Bool(text).map { .flag($0) }
      case .word: .word(text)
      }
    return value.flatMap(kind.accepting)
  }

  private static func integers(_ text: String) -> [Int]? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Int($0) }
    return values.count == parts.count ? values : nil
  }
}
