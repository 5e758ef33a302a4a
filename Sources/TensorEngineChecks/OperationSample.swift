import Randomness
import TensorEngine

/// One call of an operation: what it is called with, and how to trace it. The table of all samples
/// is what every check of the engine runs over.
public struct OperationSample: Sendable, CustomStringConvertible {
  /// The registered name of the operation that the sample is for.
  public let operation: String
  /// What is special about this sample, in a few words.
  public let note: String
  /// The operands' shapes.
  public let shapes: [Shape]
  /// The kind of number that the operands hold.
  public let type: ElementType
  /// The range that the operands' elements are drawn from.
  public let range: ClosedRange<Double>
  /// Whether the gradient exists and is checked.
  public let isDifferentiable: Bool
  /// The largest relative error allowed in the gradient check.
  public let tolerance: Double
  /// Traces the operation.
  public let build: @Sendable ([Tensor]) -> Tensor

  init(
    _ operation: String, _ note: String = "", shapes: [Shape], type: ElementType = .real,
    range: ClosedRange<Double> = -2...2, isDifferentiable: Bool = true, tolerance: Double = 1e-6,
    build: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.operation = operation
    self.note = note
    self.shapes = shapes
    self.type = type
    self.range = range
    self.isDifferentiable = isDifferentiable
    self.tolerance = tolerance
    self.build = build
  }

  /// The operation, its shapes and what is special.
  public var description: String {
    let list = shapes.map(\.description).joined(separator: " ")
    return "\(operation) \(list)" + (note.isEmpty ? "" : " (\(note))")
  }

  /// The operands as inputs of a graph.
  public func inputs(of graph: Graph) -> [Tensor] {
    shapes.enumerated().map { graph.input("x\($0)", shape: $1, type: type) }
  }

  /// Gives a program, traced from `inputs(of:)`, the operands.
  public func setInputs<Scalar: KernelScalar>(of program: LoadedProgram<Scalar>) {
    for (index, operand) in operands().enumerated() {
      switch type {
      case .real: program.set("x\(index)", to: operand.scalars.map { Scalar($0) })
      case .index: program.set("x\(index)", to: operand.scalars.map { Int32($0) })
      case .byte: program.set("x\(index)", to: operand.scalars.map { UInt8($0) })
      }
    }
  }

  /// The operands: drawn evenly from `range`, the same in every run. Elements are kept apart from
  /// whole numbers by at least 0.02, where functions like abs, relu and floor have corners; those
  /// that are not real are whole numbers.
  public func operands() -> [TensorValue<Double>] {
    var stream = RandomStream(seed: 0, name: description)
    return shapes.map { shape in
      let scalars = (0..<shape.count).map { _ in
        var x = range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniformDouble()
        if type != .real { return x.rounded(.towardZero) }
        let distance = x - x.rounded()
        if distance.magnitude < 0.02 { x += distance < 0 ? -0.02 : 0.02 }
        return min(max(x, range.lowerBound), range.upperBound)
      }
      return TensorValue(shape: shape, scalars: scalars)
    }
  }
}
