import CVectorMath
import RealModule

/// A test of two numbers, applied to elements at the same place: 1 where it holds, else 0. Tests
/// carry no gradient. Two tensors of positions can be tested too: as real numbers, which in single
/// precision are exact up to 2^24.
protocol Comparison: BinaryElementwise {
  /// The test itself.
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool
}

extension Comparison {
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { holds(a, b) ? 1 : 0 }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard Set(inputs) == [.real] || Set(inputs) == [.index] else {
      throw ShapeError(
        name,
        "expects two real operands or two of positions, got \(inputs[0]) and \(inputs[1]); convert "
          + "with real()")
    }
    return .real
  }
}

struct Equal: Comparison {
  static let name = "equal"
  static let fastLoop = VM_BINARY_EQ
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a == b }
}

struct NotEqual: Comparison {
  static let name = "notEqual"
  static let fastLoop = VM_BINARY_NE
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a != b }
}

struct Less: Comparison {
  static let name = "less"
  static let fastLoop = VM_BINARY_LT
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a < b }
}

struct LessOrEqual: Comparison {
  static let name = "lessOrEqual"
  static let fastLoop = VM_BINARY_LE
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a <= b }
}

struct Greater: Comparison {
  static let name = "greater"
  static let fastLoop = VM_BINARY_GT
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a > b }
}

struct GreaterOrEqual: Comparison {
  static let name = "greaterOrEqual"
  static let fastLoop = VM_BINARY_GE
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a >= b }
}

/// Any number but 0 is true.
struct And: Comparison {
  static let name = "logicalAnd"
  static let fastLoop = VM_BINARY_AND
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a != 0 && b != 0 }
}

/// Any number but 0 is true.
struct Or: Comparison {
  static let name = "logicalOr"
  static let fastLoop = VM_BINARY_OR
  func holds<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Bool { a != 0 || b != 0 }
}

/// The second operand where the first is not 0, else the third.
struct Select: ElementwisePrimitive {
  static let name = "select"

  func loop(_: Float.Type) -> TileLoop<Float> { .select }
  func loop(_: Double.Type) -> TileLoop<Double> { .select }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (condition, cotangent) = (context.inputs[0], context.cotangent)
    switch index {
    case 1: return condition.select(cotangent, 0)
    case 2: return condition.select(0, cotangent)
    default: return nil
    }
  }
}

extension Operation {
  static let logicalNot = Operation(
    "logicalNot", "1 where x = 0, else 0", differentiability: .none
  ) { operands, _ in [operands[0].logicalNot()] }

  static let select = Operation(
    "select", "b where a is not 0, else c, broadcast", records: Select.self,
    operands: .fixed([.real, .real, .real])
  ) { operands, _ in [operands[0].select(operands[1], operands[2])] }
}

extension Tensor {
  private func compare(_ operation: any Comparison, _ other: Tensor) -> Tensor {
    graph.apply(operation, to: [self, other])
  }

  /// 1 where equal, else 0.
  public func isEqual(to other: Tensor) -> Tensor { compare(Equal(), other) }
  /// 1 where different, else 0.
  public func isNotEqual(to other: Tensor) -> Tensor { compare(NotEqual(), other) }
  /// 1 where less, else 0.
  public func isLess(than other: Tensor) -> Tensor { compare(Less(), other) }
  /// 1 where less or equal, else 0.
  public func isLessOrEqual(to other: Tensor) -> Tensor { compare(LessOrEqual(), other) }
  /// 1 where greater, else 0.
  public func isGreater(than other: Tensor) -> Tensor { compare(Greater(), other) }
  /// 1 where greater or equal, else 0.
  public func isGreaterOrEqual(to other: Tensor) -> Tensor { compare(GreaterOrEqual(), other) }
  /// 1 where greater than a number, else 0.
  public func isGreater(than other: Double) -> Tensor { isGreater(than: graph.constant(other)) }
  /// 1 where less than a number, else 0.
  public func isLess(than other: Double) -> Tensor { isLess(than: graph.constant(other)) }

  /// 1 where both are true, which any number but 0 is, else 0.
  public func logicalAnd(_ other: Tensor) -> Tensor { compare(And(), other) }
  /// 1 where one or both are true, which any number but 0 is, else 0.
  public func logicalOr(_ other: Tensor) -> Tensor { compare(Or(), other) }
  /// 1 where this is 0, else 0.
  public func logicalNot() -> Tensor { isEqual(to: graph.constant(0)) }

  /// `whenTrue` where this is not 0, else `whenFalse`; all three broadcast.
  public func select(_ whenTrue: Tensor, _ whenFalse: Tensor) -> Tensor {
    graph.apply(Select(), to: [self, whenTrue, whenFalse])
  }
  /// `whenTrue` where this is not 0, else a number.
  public func select(_ whenTrue: Tensor, _ whenFalse: Double) -> Tensor {
    select(whenTrue, graph.constant(whenFalse))
  }
  /// A number where this is not 0, else `whenFalse`.
  public func select(_ whenTrue: Double, _ whenFalse: Tensor) -> Tensor {
    select(graph.constant(whenTrue), whenFalse)
  }
}
