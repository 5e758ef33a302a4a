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
  /// The range that the operands' elements are drawn from.
  public let range: ClosedRange<Double>
  /// Whether the gradient exists and is checked.
  public let isDifferentiable: Bool
  /// The largest relative error allowed in the gradient check.
  public let tolerance: Double
  /// Traces the operation.
  public let build: @Sendable ([Tensor]) -> Tensor

  init(
    _ operation: String, _ note: String = "", shapes: [Shape],
    range: ClosedRange<Double> = -2...2, isDifferentiable: Bool = true, tolerance: Double = 1e-6,
    build: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.operation = operation
    self.note = note
    self.shapes = shapes
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

  /// The operands: drawn evenly from `range`, the same in every run. Elements are kept apart from
  /// whole numbers by at least 0.02, where functions like abs, relu and floor have corners.
  public func operands() -> [TensorValue<Double>] {
    var stream = RandomStream(seed: 0, name: description)
    return shapes.map { shape in
      let scalars = (0..<shape.count).map { _ in
        var x = range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniformDouble()
        let distance = x - x.rounded()
        if distance.magnitude < 0.02 { x += distance < 0 ? -0.02 : 0.02 }
        return min(max(x, range.lowerBound), range.upperBound)
      }
      return TensorValue(shape: shape, scalars: scalars)
    }
  }
}
