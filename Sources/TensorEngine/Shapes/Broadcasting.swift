extension Shape {
  /// The common shape of operands under broadcasting: axes are aligned at the end, and an extent
  /// of 1 (or a missing axis) stretches to the other's. `nil` when two extents differ otherwise.
  static func broadcast(_ shapes: [Shape]) -> Shape? {
    let rank = shapes.map(\.rank).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (axis, extent) in shape.dimensions.enumerated() {
        let place = rank - shape.rank + axis
        if result[place] == 1 {
          result[place] = extent
        } else if extent != 1, extent != result[place] {
          return nil
        }
      }
    }
    return Shape(result)
  }

  /// The strides with which a tensor of this shape is read as one of shape `target`, 0 along the
  /// axes that stretch.
  func broadcastStrides(to target: Shape) -> [Int] {
    let own = strides
    let lead = target.rank - rank
    return (0..<target.rank).map { axis in
      axis < lead || dimensions[axis - lead] != target.dimensions[axis] ? 0 : own[axis - lead]
    }
  }

  /// The axes of `self`, counted in `self`, along which a tensor of shape `source` was stretched.
  func axesStretched(from source: Shape) -> [Int] {
    let lead = rank - source.rank
    return (0..<rank).filter { axis in
      axis < lead || (source.dimensions[axis - lead] == 1 && dimensions[axis] != 1)
    }
  }
}

/// What is wrong with the operands of an operation: its name, the shapes and the way out.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation that refused, such as "matmul".
  public let operation: String
  /// What it was given and what it expected, on one line.
  public let problem: String
  /// The layer in which it happened, such as "decoder.3"; empty outside any layer.
  public let scope: String

  init(_ operation: String, _ problem: String, scope: String = "") {
    self.operation = operation
    self.problem = problem
    self.scope = scope
  }

  /// One line: operation, problem and layer.
  public var description: String {
    "\(operation): \(problem)" + (scope.isEmpty ? "" : " (in \(scope))")
  }

  func within(_ scope: String) -> ShapeError {
    ShapeError(operation, problem, scope: self.scope.isEmpty ? scope : self.scope)
  }
}
