/// An operation as it is called from outside the program: by name, on operands, with named
/// attributes. `atelier ops` lists these, `atelier op-eval` runs one, and every check of the engine
/// runs over samples that are calls of them.
public struct Operation: Sendable {
  /// What is handed to an operation, in order.
  public enum Operands: Hashable, Sendable {
    /// One tensor each, of the types given.
    case fixed([ElementType])
    /// Any number of real tensors, at least one.
    case several
  }

  /// How often the operation can be differentiated.
  public enum Differentiability: String, Sendable {
    /// Its result is constant wherever it is smooth, or not a real number.
    case none
    /// To any order, because its gradient is made of operations that are.
    case anyOrder
  }

  /// The name it is called by, such as "conv2d".
  public let name: String
  /// What it computes, on one line.
  public let summary: String
  /// What it is handed.
  public let operands: Operands
  /// The attributes it understands.
  public let attributes: [Attribute]
  /// The names of its results; most operations have one, "y".
  public let results: [String]
  /// Whether it has gradients.
  public let differentiability: Differentiability
  /// The node that it records, unless it is composed of other operations.
  let primitive: (any Primitive.Type)?
  private let trace: @Sendable ([Tensor], Attributes) -> [Tensor]

  /// An operation that records `primitive`, or is composed of others when that is nil.
  init(
    _ name: String, _ summary: String, records primitive: (any Primitive.Type)? = nil,
    operands: Operands = .fixed([.real]), attributes: [Attribute] = [], results: [String] = ["y"],
    differentiability: Differentiability = .anyOrder,
    trace: @escaping @Sendable ([Tensor], Attributes) -> [Tensor]
  ) {
    self.name = name
    self.summary = summary
    self.primitive = primitive
    self.operands = operands
    self.attributes = attributes
    self.results = results
    self.differentiability = differentiability
    self.trace = trace
  }

  /// Traces a call.
  ///
  /// - Throws: `AttributeError` when an attribute is unknown, missing or of the wrong kind. Wrong
  ///   shapes are kept by the graph and thrown when it is compiled.
  public func callAsFunction(
    _ operands: [Tensor], _ values: [String: Attribute.Value] = [:]
  ) throws(AttributeError) -> [Tensor] {
    trace(operands, try Attributes(values, for: self))
  }
}

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

/// What is wrong with the attributes that an operation was called with, on one line.
public struct AttributeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Operation, attribute and what was expected.
  public let description: String
}

/// The attributes of one call: all of the right kind, with the standard values of those left out.
/// Reading one under another kind than it was declared with is a mistake of the operation.
struct Attributes: Sendable {
  private let values: [String: Attribute.Value]

  fileprivate init(
    _ given: [String: Attribute.Value], for operation: Operation
  ) throws(AttributeError) {
    var values: [String: Attribute.Value] = [:]
    for attribute in operation.attributes {
      guard let value = given[attribute.name] ?? attribute.standard else {
        if attribute.isOptional { continue }
        throw AttributeError(
          description: "\(operation.name): the attribute \(attribute.name) is missing; it takes "
            + attribute.kind.description)
      }
      guard let accepted = attribute.kind.accepting(value) else {
        throw AttributeError(
          description: "\(operation.name): the attribute \(attribute.name) takes "
            + attribute.kind.description)
      }
      values[attribute.name] = accepted
    }
    let known = Set(operation.attributes.map(\.name))
    if let name = given.keys.sorted().first(where: { !known.contains($0) }) {
      let list = operation.attributes.map(\.name).joined(separator: ", ")
      throw AttributeError(
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
  private static var bounds: ClosedRange<Int> { -1 << 31...1 << 31 }

  /// The value as this kind, or nil: a whole number serves as a number and as a list of one.
  fileprivate func accepting(_ value: Attribute.Value) -> Attribute.Value? {
    switch (self, value) {
    case (.integer, .integer(let one)) where Self.bounds.contains(one): value
    case (.integers, .integers(let all)) where all.allSatisfy(Self.bounds.contains): value
    case (.integers, .integer(let one)) where Self.bounds.contains(one): .integers([one])
    case (.number, .integer(let whole)): .number(Double(whole))
    case (.number, .number), (.flag, .flag): value
    case (.word(let words), .word(let word)) where words.contains(word): value
    default: nil
    }
  }
}
