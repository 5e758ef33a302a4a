/// What a marked tensor is.
public struct Mark: Sendable, Hashable {
  /// The part that a tensor plays in training.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// What a layer gives.
    case activation
    /// A parameter's gradient, as the optimiser is given it.
    case gradient
    /// What the optimiser adds to a parameter.
    case change
  }

  /// Its part.
  public let role: Role
  /// The path of the layer, or the name of the parameter.
  public let name: String
  /// The kind of the layer, such as "relu"; empty for a parameter.
  public let kind: String

  /// A mark for a tensor that belongs to a layer or a parameter.
  public init(_ role: Role, of name: String, kind: String = "") {
    (self.role, self.name, self.kind) = (role, name, kind)
  }
}

extension Program {
  /// A value that was marked when the program was traced.
  struct MarkedValue: Sendable {
    let mark: Mark
    let shape: Shape
    /// The place among the operations of its step.
    let operation: Int
    /// The place among the results of its step; nil for a value within a chain.
    let result: Int?
    /// Where in it the value begins, in bytes.
    let offset: Int
  }
}

extension Workspace {
  /// Carries out `body`, and gives the marked values of the programs that it runs to `see` as soon as
  /// they are made. The programs run as ever, to the bit, but slower.
  ///
  /// A layer whose result is not stored, because the kernel that makes it goes on with an activation,
  /// is not seen; the activation is.
  public func watch<Result>(
    _ body: () throws -> Result, see: @escaping (Mark, TensorValue<Scalar>) -> Void
  ) rethrows -> Result {
    watcher = see
    defer { watcher = nil }
    return try body()
  }
}
