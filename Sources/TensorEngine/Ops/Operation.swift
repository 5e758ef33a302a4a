/// An operation as it is called from outside the program: by name, on operands, with named
/// attributes. `atelier ops` lists these, `atelier op-eval` runs one, and every check of the engine
/// runs over samples that are calls of them.
public struct Operation: Sendable {
  /// What is handed to an operation, in order.
  public enum Operands: Hashable, Sendable {
    /// One tensor each, of the kinds given; none for an operation that makes its result of nothing.
    case fixed([Operand])
    /// Any number of tensors of the same type, at least one.
    case several
  }

  /// The numbers that an operand may hold.
  public enum Operand: String, Sendable {
    case real, index, byte
    /// Numbers of every type.
    case any
  }

  /// How often the operation can be differentiated.
  public enum Differentiability: String, Sendable {
    /// Its result is constant wherever it is smooth, or not a real number.
    case none
    /// Its result changes with its operands, and no gradient flows through it on purpose.
    case cut
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
  private let trace: @Sendable (Graph, [Tensor], Attributes) -> [Tensor]

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
    self.trace = { _, operands, attributes in trace(operands, attributes) }
  }

  /// An operation without operands, whose numbers are constant to the reverse pass.
  init(
    _ name: String, _ summary: String, records primitive: (any Primitive.Type)? = nil,
    attributes: [Attribute], from trace: @escaping @Sendable (Graph, Attributes) -> Tensor
  ) {
    self.name = name
    self.summary = summary
    self.primitive = primitive
    self.operands = .fixed([])
    self.attributes = attributes
    self.results = ["y"]
    self.differentiability = .none
    self.trace = { graph, _, attributes in [trace(graph, attributes)] }
  }

  /// An operation on one real tensor that is composed of others.
  static func composed(
    _ name: String, _ summary: String, attributes: [Attribute] = [],
    _ function: @escaping @Sendable (Tensor, Attributes) -> Tensor
  ) -> Operation {
    Operation(name, summary, attributes: attributes) { [function($0[0], $1)] }
  }

  /// The name of the node that it records, as in `Graph.operationNames`; nil if it is composed.
  public var primitiveName: String? { primitive.map { $0.name } }

  /// Traces a call in the graph that the operands belong to.
  ///
  /// - Throws: `CallError` when the number of operands is wrong, or when an attribute is unknown,
  ///   missing or of the wrong kind. Wrong shapes are kept by the graph and thrown when it is
  ///   compiled.
  public func callAsFunction(
    _ operands: [Tensor], _ values: [String: Attribute.Value] = [:], in graph: Graph
  ) throws(CallError) -> [Tensor] {
    switch self.operands {
    case .fixed(let kinds) where kinds.count != operands.count:
      throw CallError(
        description: "\(name): \(operands.count) operands, expected \(kinds.count)")
    case .several where operands.isEmpty:
      throw CallError(description: "\(name): no operands, expected at least one")
    default: return trace(graph, operands, try Attributes(values, for: self))
    }
  }
}
