import CVectorMath
import RealModule

/// a, or b · a where a is not above 0 (He et al., "Delving deep into rectifiers", 2015). With a
/// constant b it is the leaky ReLU.
struct ParametricReLU: BinaryElementwise {
  static let name = "prelu"
  static let fastLoop = VM_BINARY_PRELU
  func apply<Scalar: Real>(_ a: Scalar, _ b: Scalar) -> Scalar { a > 0 ? a : a * b }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (x, slope) = (context.inputs[0], context.inputs[1])
    // Where the result has the operand's sign, the operand need not be kept for it.
    let hasSign = slope.scalarConstant.map { $0 >= 0 } ?? false
    let isPositive = (hasSign ? context.output : x).isGreater(than: 0)
    return context.cotangent * (index == 0 ? isPositive.select(1, slope) : isPositive.select(0, x))
  }
}

/// How the Gaussian distribution function in `gelu` is computed.
public enum GELUForm: String, Sendable, CaseIterable {
  /// With the error function.
  case exact = "none"
  /// With a hyperbolic tangent, at most 5e-4 away.
  case tanh
}

extension Operation {
  static let leakyRelu = composed(
    "leakyRelu", "x, or slope · x where x is not above 0",
    attributes: [.optional("slope", .number, 0.01)]
  ) { $0.leakyRelu(slope: $1.number("slope")) }

  static let elu = composed(
    "elu", "x, or alpha · (exp(x) - 1) where x is not above 0",
    attributes: [.optional("alpha", .number, 1)]
  ) { $0.elu(alpha: $1.number("alpha")) }

  static let selu = composed("selu", "the scaled elu that keeps mean and variance") { x, _ in
    x.selu()
  }

  static let softsign = composed("softsign", "x / (1 + |x|)") { x, _ in x.softsign() }

  static let hardSigmoid = composed("hardSigmoid", "x / 6 + 1/2, kept within 0 ... 1") { x, _ in
    x.hardSigmoid()
  }

  static let silu = composed("silu", "x · sigmoid(x)") { x, _ in x.silu() }

  static let gelu = composed(
    "gelu", "x times the standard normal distribution function of x",
    attributes: [
      .optional("approximate", .word(GELUForm.allCases.map(\.rawValue)), "none")
    ]
  ) { $0.gelu(GELUForm(rawValue: $1.word("approximate")) ?? .exact) }

  static let clamp = composed(
    "clamp", "x, low below it and high above",
    attributes: [.required("low", .number), .required("high", .number)]
  ) { $0.clamped(low: $1.number("low"), high: $1.number("high")) }
}

extension Tensor {
  /// This, or `slope` times this where it is not above 0; element by element, broadcast.
  public func prelu(_ slope: Tensor) -> Tensor { binary(ParametricReLU(), slope) }

  /// This, or `slope` times this where it is not above 0; the derivative at 0 is the slope.
  public func leakyRelu(slope: Double = 0.01) -> Tensor { prelu(graph.constant(slope)) }

  /// This, or `alpha` · (eˣ - 1) where it is not above 0 (Clevert et al., "Fast and accurate deep
  /// network learning by exponential linear units", 2016).
  public func elu(alpha: Double = 1) -> Tensor {
    let isPositive = isGreater(than: 0)
    return isPositive.select(self, alpha * isPositive.select(0, self).expm1())
  }

  /// The elu that keeps mean 0 and variance 1 from layer to layer; its constants are those of
  /// Klambauer et al., "Self-normalizing neural networks", 2017.
  public func selu() -> Tensor { 1.0507009873554805 * elu(alpha: 1.6732632423543772) }

  /// x / (1 + |x|)
  public func softsign() -> Tensor { self / (abs() + 1) }

  /// x / 6 + 1/2, kept within 0 ... 1.
  public func hardSigmoid() -> Tensor { (self + 3).clamped(low: 0, high: 6) / 6 }

  /// x · sigmoid(x) (Elfwing et al., "Sigmoid-weighted linear units", 2018).
  public func silu() -> Tensor { self * sigmoid() }

  /// x times the standard normal distribution function of x (Hendrycks and Gimpel, "Gaussian error
  /// linear units", 2016).
  public func gelu(_ form: GELUForm = .exact) -> Tensor {
    switch form {
    case .exact: return 0.5 * self * ((self * 0.5.squareRoot()).erf() + 1)
    case .tanh:
      let scale = (2 / Double.pi).squareRoot()
      return 0.5 * self * ((scale * (self + 0.044715 * pow(3))).tanh() + 1)
    }
  }

  /// This, `low` where it is below and `high` where it is above, where no gradient flows.
  public func clamped(low: Double, high: Double) -> Tensor {
    guard low <= high else { return failing("clamp", "no number between \(low) and \(high)") }
    let (low, high) = (graph.constant(low), graph.constant(high))
    let isInside = isGreaterOrEqual(to: low).logicalAnd(isLessOrEqual(to: high))
    return isInside.select(self, stopGradient().maximum(low).minimum(high))
  }
}
