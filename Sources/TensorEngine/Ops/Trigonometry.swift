import CVectorMath
import RealModule

// Angles are in radians. Outside its domain a function is not a number.

struct Tangent: UnaryElementwise {
  static let name = "tan"
  static let fastLoop = VM_UNARY_TAN
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .tan(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { y.square() + 1 }
}

/// The angle in -π/2 ... π/2 whose sine is x, for x in -1 ... 1.
struct Arcsine: UnaryElementwise {
  static let name = "asin"
  static let fastLoop = VM_UNARY_ASIN
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .asin(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (1 - x.square()).rsqrt() }
}

/// The angle in 0 ... π whose cosine is x, for x in -1 ... 1.
struct Arccosine: UnaryElementwise {
  static let name = "acos"
  static let fastLoop = VM_UNARY_ACOS
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .acos(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { -(1 - x.square()).rsqrt() }
}

/// The angle in -π/2 ... π/2 whose tangent is x.
struct Arctangent: UnaryElementwise {
  static let name = "atan"
  static let fastLoop = VM_UNARY_ATAN
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .atan(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (x.square() + 1).reciprocal() }
}

struct HyperbolicSine: UnaryElementwise {
  static let name = "sinh"
  static let fastLoop = VM_UNARY_SINH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .sinh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.cosh() }
}

struct HyperbolicCosine: UnaryElementwise {
  static let name = "cosh"
  static let fastLoop = VM_UNARY_COSH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .cosh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { x.sinh() }
}

struct InverseHyperbolicSine: UnaryElementwise {
  static let name = "asinh"
  static let fastLoop = VM_UNARY_ASINH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .asinh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (x.square() + 1).rsqrt() }
}

/// The number from 0 on whose hyperbolic cosine is x, for x from 1 on.
struct InverseHyperbolicCosine: UnaryElementwise {
  static let name = "acosh"
  static let fastLoop = VM_UNARY_ACOSH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .acosh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (x.square() - 1).rsqrt() }
}

/// The number whose hyperbolic tangent is x, for x in -1 ... 1.
struct InverseHyperbolicTangent: UnaryElementwise {
  static let name = "atanh"
  static let fastLoop = VM_UNARY_ATANH
  func apply<Scalar: Real>(_ x: Scalar) -> Scalar { .atanh(x) }
  func derivative(_ x: Tensor, _ y: Tensor) -> Tensor? { (1 - x.square()).reciprocal() }
}

/// The angle in -π ... π of the point (b, a), which the operands give in the order (a, b): that of
/// a / b, in the right quadrant.
struct Arctangent2: BinaryElementwise {
  static let name = "atan2"
  static let fastLoop = VM_BINARY_ATAN2
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { .atan2(y: a, x: b) }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (a, b) = (context.inputs[0], context.inputs[1])
    let scaled = context.cotangent / (a.square() + b.square())
    return index == 0 ? scaled * b : -scaled * a
  }
}

extension Tensor {
  /// The tangent of radians.
  public func tan() -> Tensor { unary(Tangent()) }
  /// The angle in -π/2 ... π/2 whose sine this is.
  public func asin() -> Tensor { unary(Arcsine()) }
  /// The angle in 0 ... π whose cosine this is.
  public func acos() -> Tensor { unary(Arccosine()) }
  /// The angle in -π/2 ... π/2 whose tangent this is.
  public func atan() -> Tensor { unary(Arctangent()) }
  /// The hyperbolic sine.
  public func sinh() -> Tensor { unary(HyperbolicSine()) }
  /// The hyperbolic cosine.
  public func cosh() -> Tensor { unary(HyperbolicCosine()) }
  /// The number whose hyperbolic sine this is.
  public func asinh() -> Tensor { unary(InverseHyperbolicSine()) }
  /// The number from 0 on whose hyperbolic cosine this is.
  public func acosh() -> Tensor { unary(InverseHyperbolicCosine()) }
  /// The number whose hyperbolic tangent this is.
  public func atanh() -> Tensor { unary(InverseHyperbolicTangent()) }
  /// The angle in -π ... π of the points (x, this).
  public func atan2(_ x: Tensor) -> Tensor { binary(Arctangent2(), x) }
}
