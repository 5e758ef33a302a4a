import Randomness
import TensorEngine

/// One call of an operation: what it is called with, and how to trace it. The table of all samples
/// is what every check of the engine runs over.
public struct OperationSample: Sendable, CustomStringConvertible {
  /// The name of the operation, or of the leaf of a graph, that the sample is for.
  public let operation: String
  /// What is special about this sample, in a few words.
  public let note: String
  /// The operands' shapes.
  public let shapes: [Shape]
  /// The kind of number that each operand holds.
  public let types: [ElementType]
  /// The range that each operand's elements are drawn from.
  public let ranges: [ClosedRange<Double>]
  /// The operands whose elements are whole numbers.
  public let wholeOperands: Set<Int>
  /// The attributes of the call; nil if the sample is more than one call.
  public let attributes: [String: Attribute.Value]?
  /// Whether the gradient exists and is checked.
  public let isDifferentiable: Bool
  /// The largest relative error allowed in the gradient check.
  public let tolerance: Double
  private let call: @Sendable (Graph, [Tensor]) -> Tensor

  /// The greatest number of elements whose gradients are compared one by one.
  private static let greatestComparedCount = 1000

  /// A call of an operation.
  ///
  /// - Parameters:
  ///   - types: of the operands; unless given what the operation expects, and real where it takes
  ///     any.
  ///   - ranges: one for all operands, or one each.
  ///   - wholeOperands: drawn as whole numbers, as those that are not real always are.
  ///   - isDifferentiable: unless given, whether the operation is and the operands are few enough.
  init(
    _ operation: String, _ note: String = "", shapes: [Shape],
    _ attributes: [String: Attribute.Value] = [:], types: [ElementType]? = nil,
    ranges: [ClosedRange<Double>] = [-2...2], wholeOperands: Set<Int> = [],
    isDifferentiable: Bool? = nil, tolerance: Double = 1e-6
  ) {
    guard let called = OperationRegistry.operation(named: operation) else {
      preconditionFailure("no operation \(operation) to have samples")
    }
    let types = types ?? called.types(count: shapes.count)
    self.operation = operation
    self.note = note
    self.shapes = shapes
    self.types = types
    self.ranges = shapes.indices.map { ranges[$0 % ranges.count] }
    self.wholeOperands = wholeOperands.union(types.indices.filter { types[$0] != .real })
    self.attributes = attributes
    let count = shapes.map(\.count).reduce(0, +)
    self.isDifferentiable =
      isDifferentiable
      ?? (called.differentiability == .anyOrder && count <= Self.greatestComparedCount)
    self.tolerance = tolerance
    call = { graph, operands in
      do {
        return Self.joined(try called(operands, attributes, in: graph))
      } catch {
        preconditionFailure("a sample calls \(error)")
      }
    }
  }

  /// A chain of calls that holds a call of the operation.
  init(
    _ operation: String, _ note: String = "", shapes: [Shape], type: ElementType = .real,
    range: ClosedRange<Double> = -2...2, isDifferentiable: Bool = true, tolerance: Double = 1e-6,
    build: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.operation = operation
    self.note = note
    self.shapes = shapes
    types = shapes.map { _ in type }
    ranges = shapes.map { _ in range }
    wholeOperands = type == .real ? [] : Set(shapes.indices)
    attributes = nil
    self.isDifferentiable = isDifferentiable
    self.tolerance = tolerance
    call = { _, operands in build(operands) }
  }

  /// Several results as one real tensor, a single one as it is but real.
  private static func joined(_ results: [Tensor]) -> Tensor {
    let real = results.filter { $0.type == .real }
    if results.count == 1 || real.isEmpty { return results[0].real() }
    return real.count == 1
      ? real[0] : Tensor.concatenate(real.map { $0.flattened(from: 0) }, axis: 0)
  }

  /// The operation, its shapes and what is special.
  public var description: String {
    let list = shapes.map(\.description).joined(separator: " ")
    return "\(operation) \(list)" + (note.isEmpty ? "" : " (\(note))")
  }

  /// Traces the sample on operands of its shapes and types, at least one. Of several results the
  /// real ones are laid end to end.
  public func build(_ operands: [Tensor]) -> Tensor { call(operands[0].graph, operands) }

  /// Traces the sample on inputs of a graph.
  public func trace(in graph: Graph) -> (operands: [Tensor], result: Tensor) {
    let operands = shapes.indices.map {
      graph.input("x\($0)", shape: shapes[$0], type: types[$0])
    }
    return (operands, call(graph, operands))
  }

  /// Gives a program, traced by `trace`, the operands.
  public func setInputs<Scalar: KernelScalar>(of program: LoadedProgram<Scalar>) {
    for (index, operand) in operands().enumerated() {
      switch types[index] {
      case .real: program.set("x\(index)", to: operand.scalars.map { Scalar($0) })
      case .index: program.set("x\(index)", to: operand.scalars.map { Int32($0) })
      case .byte: program.set("x\(index)", to: operand.scalars.map { UInt8($0) })
      }
    }
  }

  /// The operands: drawn evenly from their ranges, the same in every run. Elements are kept apart
  /// from whole numbers by at least 0.02, where functions like abs, relu and floor have corners,
  /// unless they are to be whole.
  public func operands() -> [TensorValue<Double>] {
    var stream = RandomStream(seed: 0, name: description)
    return shapes.enumerated().map { index, shape in
      let range = ranges[index]
      let scalars = (0..<shape.count).map { _ in
        let share = stream.uniformDouble()
        if wholeOperands.contains(index) {
          let count = range.upperBound - range.lowerBound + 1
          return range.lowerBound + (count * share).rounded(.down)
        }
        var x = range.lowerBound + (range.upperBound - range.lowerBound) * share
        let distance = x - x.rounded()
        if distance.magnitude < 0.02 { x += distance < 0 ? -0.02 : 0.02 }
        return min(max(x, range.lowerBound), range.upperBound)
      }
      return TensorValue(shape: shape, scalars: scalars)
    }
  }
}

extension Operation {
  /// The types of `count` operands: what is expected, real where any is taken.
  fileprivate func types(count: Int) -> [ElementType] {
    switch operands {
    case .fixed(let kinds): kinds.map { ElementType(rawValue: $0.rawValue) ?? .real }
    case .several: [ElementType](repeating: .real, count: count)
    }
  }
}
