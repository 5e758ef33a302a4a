import CVectorMath
import RealModule

/// A real function of one number, applied to each element. An operation says what it computes, its
/// derivative, and the fast loop that computes the same.
protocol UnaryElementwise: ElementwisePrimitive {
  init()
  /// The function itself; what the fast loop is tested against.
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar
  /// The derivative at x, given y = f(x); nil when it is 0 wherever it exists.
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor?
  /// The vectorised loop of `CVectorMath`.
  static var fastLoop: vm_unary_op { get }
}

extension UnaryElementwise {
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    derivative(context.inputs[0], context.output).map { context.cotangent * $0 }
  }

  func loop(_: Float.Type) -> TileLoop<Float> { .unary(Self.fastLoop) }
  func loop(_: Double.Type) -> TileLoop<Double> { .unary(Self.fastLoop) }
}

extension Operation {
  /// The operation that applies a function to each element.
  static func unary<Function: UnaryElementwise>(
    _ function: Function.Type, _ summary: String, _ differentiability: Differentiability = .anyOrder
  ) -> Operation {
    Operation(
      Function.name, summary, records: Function.self, differentiability: differentiability
    ) { operands, _ in [operands[0].graph.apply(Function(), to: operands)] }
  }
}

struct Negate: UnaryElementwise {
  static let name = "neg"
  static let fastLoop = VM_UNARY_NEG
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { -x }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.graph.constant(-1) }
}

struct Absolute: UnaryElementwise {
  static let name = "abs"
  static let fastLoop = VM_UNARY_ABS
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x.magnitude }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.sign() }
}

/// -1, 0 or 1.
struct Sign: UnaryElementwise {
  static let name = "sign"
  static let fastLoop = VM_UNARY_SIGN
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x > 0 ? 1 : x < 0 ? -1 : x }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { nil }
}

struct Exp: UnaryElementwise {
  static let name = "exp"
  static let fastLoop = VM_UNARY_EXP
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .exp(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { y }
}

/// exp(x) - 1 without cancellation near 0.
struct ExpMinusOne: UnaryElementwise {
  static let name = "expm1"
  static let fastLoop = VM_UNARY_EXPM1
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .expMinusOne(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { y + 1 }
}

struct Log: UnaryElementwise {
  static let name = "log"
  static let fastLoop = VM_UNARY_LOG
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .log(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.reciprocal() }
}

/// log(1 + x) without cancellation near 0.
struct LogOnePlus: UnaryElementwise {
  static let name = "log1p"
  static let fastLoop = VM_UNARY_LOG1P
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .log(onePlus: x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (x + 1).reciprocal() }
}

struct SquareRoot: UnaryElementwise {
  static let name = "sqrt"
  static let fastLoop = VM_UNARY_SQRT
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .sqrt(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { 0.5 / y }
}

/// 1 / sqrt(x).
struct ReciprocalSquareRoot: UnaryElementwise {
  static let name = "rsqrt"
  static let fastLoop = VM_UNARY_RSQRT
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { 1 / .sqrt(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { -0.5 * y / x }
}

struct Square: UnaryElementwise {
  static let name = "square"
  static let fastLoop = VM_UNARY_SQUARE
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x * x }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { 2 * x }
}

struct Reciprocal: UnaryElementwise {
  static let name = "reciprocal"
  static let fastLoop = VM_UNARY_RECIPROCAL
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { 1 / x }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { -y.square() }
}

struct Sine: UnaryElementwise {
  static let name = "sin"
  static let fastLoop = VM_UNARY_SIN
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .sin(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.cos() }
}

struct Cosine: UnaryElementwise {
  static let name = "cos"
  static let fastLoop = VM_UNARY_COS
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .cos(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { -x.sin() }
}

struct HyperbolicTangent: UnaryElementwise {
  static let name = "tanh"
  static let fastLoop = VM_UNARY_TANH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .tanh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { 1 - y.square() }
}

/// 1 / (1 + exp(-x)).
struct Sigmoid: UnaryElementwise {
  static let name = "sigmoid"
  static let fastLoop = VM_UNARY_SIGMOID
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar {
    let e = Scalar.exp(-x.magnitude)
    return (x < 0 ? e : 1) / (1 + e)
  }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { y * (1 - y) }
}

/// log(1 + exp(x)) without overflow.
struct Softplus: UnaryElementwise {
  static let name = "softplus"
  static let fastLoop = VM_UNARY_SOFTPLUS
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar {
    (x > 0 ? x : 0) + .log(onePlus: .exp(-x.magnitude))
  }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.sigmoid() }
}

/// The larger of x and 0; its derivative at 0 is 0.
struct ReLU: UnaryElementwise {
  static let name = "relu"
  static let fastLoop = VM_UNARY_RELU
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x < 0 ? 0 : x }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { y.isGreater(than: 0) }
}

struct Floor: UnaryElementwise {
  static let name = "floor"
  static let fastLoop = VM_UNARY_FLOOR
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x.rounded(.down) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { nil }
}

/// The error function, 2/√π times the integral of exp(-t²) from 0 to x.
struct ErrorFunction: UnaryElementwise {
  static let name = "erf"
  static let fastLoop = VM_UNARY_ERF
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .erf(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? {
    (2 / Double.pi.squareRoot()) * (-x.square()).exp()
  }
}

struct Ceiling: UnaryElementwise {
  static let name = "ceil"
  static let fastLoop = VM_UNARY_CEIL
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x.rounded(.up) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { nil }
}

/// To the nearest whole number, halves to the even one.
struct Round: UnaryElementwise {
  static let name = "round"
  static let fastLoop = VM_UNARY_ROUND
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { x.rounded(.toNearestOrEven) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { nil }
}

extension Tensor {
  func unary(_ operation: any UnaryElementwise) -> Tensor {
    graph.apply(operation, to: [self])
  }

  /// -x
  public static prefix func - (x: Tensor) -> Tensor { x.unary(Negate()) }
  /// The distance from 0.
  public func abs() -> Tensor { unary(Absolute()) }
  /// -1, 0 or 1.
  public func sign() -> Tensor { unary(Sign()) }
  /// eˣ
  public func exp() -> Tensor { unary(Exp()) }
  /// eˣ - 1 without cancellation near 0.
  public func expm1() -> Tensor { unary(ExpMinusOne()) }
  /// The natural logarithm.
  public func log() -> Tensor { unary(Log()) }
  /// log(1 + x) without cancellation near 0.
  public func log1p() -> Tensor { unary(LogOnePlus()) }
  /// The square root.
  public func sqrt() -> Tensor { unary(SquareRoot()) }
  /// 1 / √x
  public func rsqrt() -> Tensor { unary(ReciprocalSquareRoot()) }
  /// x²
  public func square() -> Tensor { unary(Square()) }
  /// 1 / x
  public func reciprocal() -> Tensor { unary(Reciprocal()) }
  /// The sine of radians.
  public func sin() -> Tensor { unary(Sine()) }
  /// The cosine of radians.
  public func cos() -> Tensor { unary(Cosine()) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { unary(HyperbolicTangent()) }
  /// 1 / (1 + e⁻ˣ)
  public func sigmoid() -> Tensor { unary(Sigmoid()) }
  /// log(1 + eˣ) without overflow.
  public func softplus() -> Tensor { unary(Softplus()) }
  /// The larger of x and 0.
  public func relu() -> Tensor { unary(ReLU()) }
  /// The largest whole number not above x.
  public func floor() -> Tensor { unary(Floor()) }
  /// The smallest whole number not below x.
  public func ceil() -> Tensor { unary(Ceiling()) }
  /// The nearest whole number, the even one for halves.
  public func round() -> Tensor { unary(Round()) }
  /// The error function, 2/√π times the integral of exp(-t²) from 0 to x.
  public func erf() -> Tensor { unary(ErrorFunction()) }
}
