import CVectorMath
import RealModule

/// A real function of two numbers, applied to elements at the same place of the broadcast operands.
protocol BinaryElementwise: ElementwisePrimitive {
  init()
  /// The function itself; what the fast loop is tested against.
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar
  /// The vectorised loop of `CVectorMath`.
  static var fastLoop: vm_binary_op { get }
}

extension BinaryElementwise {
  func loop(_: Float.Type) -> TileLoop<Float> { .binary(Self.fastLoop) }
  func loop(_: Double.Type) -> TileLoop<Double> { .binary(Self.fastLoop) }
}

extension Operation {
  /// The operation that applies a function to elements at the same place of two operands.
  static func binary<Function: BinaryElementwise>(
    _ function: Function.Type, _ summary: String, _ differentiability: Differentiability = .anyOrder
  ) -> Operation {
    Operation(
      Function.name, summary, records: Function.self, operands: .fixed([.real, .real]),
      differentiability: differentiability
    ) { operands, _ in [operands[0].graph.apply(Function(), to: operands)] }
  }
}

struct Add: BinaryElementwise {
  static let name = "add"
  static let fastLoop = VM_BINARY_ADD
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a + b }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { context.cotangent }
}

struct Subtract: BinaryElementwise {
  static let name = "sub"
  static let fastLoop = VM_BINARY_SUB
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a - b }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    index == 0 ? context.cotangent : -context.cotangent
  }
}

struct Multiply: BinaryElementwise {
  static let name = "mul"
  static let fastLoop = VM_BINARY_MUL
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a * b }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent * context.inputs[1 - index]
  }
}

struct Divide: BinaryElementwise {
  static let name = "div"
  static let fastLoop = VM_BINARY_DIV
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a / b }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let overB = context.cotangent / context.inputs[1]
    return index == 0 ? overB : -overB * context.output
  }
}

/// a to the power of b. Its gradient in b exists for positive a.
struct Power: BinaryElementwise {
  static let name = "pow"
  static let fastLoop = VM_BINARY_POW
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar {
    b == b.rounded() ? signedPower(a, b) : .pow(a, b)
  }
  /// `Real.pow` is defined for positive bases; whole exponents are for all.
  private func signedPower<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar {
    let size = Scalar.pow(a.magnitude, b)
    let isOdd = (b / 2).rounded() * 2 != b
    return a < 0 && isOdd ? -size : size
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (a, b) = (context.inputs[0], context.inputs[1])
    return index == 0
      ? context.cotangent * b * a.pow(b - 1) : context.cotangent * context.output * a.log()
  }
}

/// The larger operand; equal ones share the gradient.
struct Maximum: BinaryElementwise {
  static let name = "max"
  static let fastLoop = VM_BINARY_MAX
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a < b ? b : a }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent * shareOfExtreme(index, context)
  }
}

/// The smaller operand; equal ones share the gradient.
struct Minimum: BinaryElementwise {
  static let name = "min"
  static let fastLoop = VM_BINARY_MIN
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { b < a ? b : a }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.cotangent * shareOfExtreme(index, context)
  }
}

/// The remainder of floored division, with the divisor's sign.
struct Modulo: BinaryElementwise {
  static let name = "mod"
  static let fastLoop = VM_BINARY_MOD
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar {
    let remainder = a.truncatingRemainder(dividingBy: b)
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    if index == 0 { return context.cotangent }
    let quotient = ((context.inputs[0] - context.output) / context.inputs[1]).round()
    return -context.cotangent * quotient
  }
}

/// 1 where the operand is the chosen one, 1/2 where both are, else 0.
private func shareOfExtreme(_ index: Int, _ context: GradientContext) -> Tensor {
  let isChosen = context.inputs[index].isEqual(to: context.output)
  let isOtherChosen = context.inputs[1 - index].isEqual(to: context.output)
  return isChosen / (isChosen + isOtherChosen)
}

extension Tensor {
  func binary(_ operation: any BinaryElementwise, _ other: Tensor) -> Tensor {
    graph.apply(operation, to: [self, other])
  }

  /// Whether operations may drop this operand: a scalar constant of the given value.
  private func isNeutral(_ value: Double) -> Bool {
    graph.options.simplifies && rank == 0 && scalarConstant == value
  }

  /// a + b, broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    a.isNeutral(0) ? b : b.isNeutral(0) ? a : a.binary(Add(), b)
  }
  /// a - b, broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    b.isNeutral(0) ? a : a.binary(Subtract(), b)
  }
  /// a · b element by element, broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    if a.isNeutral(1) { return b }
    if b.isNeutral(1) { return a }
    if a.isNeutral(-1) { return -b }
    if b.isNeutral(-1) { return -a }
    return a.binary(Multiply(), b)
  }
  /// a / b element by element, broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    b.isNeutral(1) ? a : a.binary(Divide(), b)
  }

  /// a + b
  public static func + (a: Tensor, b: Double) -> Tensor { a + a.graph.constant(b) }
  /// a + b
  public static func + (a: Double, b: Tensor) -> Tensor { b.graph.constant(a) + b }
  /// a - b
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.graph.constant(b) }
  /// a - b
  public static func - (a: Double, b: Tensor) -> Tensor { b.graph.constant(a) - b }
  /// a · b
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.graph.constant(b) }
  /// a · b
  public static func * (a: Double, b: Tensor) -> Tensor { b.graph.constant(a) * b }
  /// a / b
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.graph.constant(b) }
  /// a / b
  public static func / (a: Double, b: Tensor) -> Tensor { b.graph.constant(a) / b }

  /// This to the power of `exponent`, element by element.
  public func pow(_ exponent: Tensor) -> Tensor {
    exponent.isNeutral(1) ? self : binary(Power(), exponent)
  }
  /// This to the power of `exponent`.
  public func pow(_ exponent: Double) -> Tensor { pow(graph.constant(exponent)) }

  /// The larger of the two, element by element.
  public func maximum(_ other: Tensor) -> Tensor { binary(Maximum(), other) }
  /// The larger of this and a number.
  public func maximum(_ other: Double) -> Tensor { maximum(graph.constant(other)) }
  /// The smaller of the two, element by element.
  public func minimum(_ other: Tensor) -> Tensor { binary(Minimum(), other) }
  /// The smaller of this and a number.
  public func minimum(_ other: Double) -> Tensor { minimum(graph.constant(other)) }

  /// The remainder of floored division by `divisor`, with the divisor's sign.
  public func mod(_ divisor: Tensor) -> Tensor { binary(Modulo(), divisor) }
}
