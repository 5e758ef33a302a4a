import TensorEngine

/// A function applied to every element: a layer without parameters, and what `Dense` and the
/// convolutions end with.
public enum Activation: String, Layer, CaseIterable {
  /// The element itself.
  case identity
  /// max(x, 0)
  case relu
  /// x, or 0.2 x below 0 (the slope of DCGAN, Radford et al. 2016).
  case leakyReLU
  /// max(x, 0), at most 6 (Howard et al., "MobileNets", 2017).
  case relu6
  /// x, or exp(x) - 1 below 0 (Clevert et al. 2016).
  case elu
  /// The elu that keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017).
  case selu
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + exp(-x))
  case sigmoid
  /// x / 6 + 1/2, kept within 0 ... 1.
  case hardSigmoid
  /// exp(x) divided by its sum along the last axis.
  case softmax
  /// x / (1 + |x|)
  case softsign
  /// log(1 + exp(x))
  case softplus
  /// x · sigmoid(x) (Elfwing et al. 2018).
  case silu
  /// x times the standard normal distribution function of x (Hendrycks and Gimpel 2016).
  case gelu
  /// The same, with a hyperbolic tangent in the function's place: at most 5e-4 away.
  case geluTanh

  /// It has no parameters.
  public static var fields: [Field<Self>] { [] }

  /// The function's name.
  public var kind: String { rawValue }

  /// Applies the function; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { self(x) }

  /// Applies the function.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyReLU: x.leakyRelu(slope: 0.2)
    case .relu6: x.clamped(low: 0, high: 6)
    case .elu: x.elu()
    case .selu: x.selu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .hardSigmoid: x.hardSigmoid()
    case .softmax: x.softmax()
    case .softsign: x.softsign()
    case .softplus: x.softplus()
    case .silu: x.silu()
    case .gelu: x.gelu()
    case .geluTanh: x.gelu(.tanh)
    }
  }
}

/// x, or a learnt slope times x where it is not above 0; of [N, C, ...] with one slope for all
/// channels, or one for each (He et al., "Delving deep into rectifiers", 2015).
public struct PReLU: Layer {
  /// The slopes, [1] or [channels].
  public var weight: Parameter

  /// The parameter.
  public static let fields: [Field<PReLU>] = [.parameter("weight", \.weight)]

  /// - Parameters:
  ///   - channels: how many slopes there are; 1 for all channels alike.
  ///   - initial: the slope at first; the default is the paper's.
  public init(_ channels: Int = 1, initial: Float = 0.25) {
    weight = Parameter(TensorValue(repeating: initial, shape: [channels]))
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let slope = x.graph[weight]
    if weight.shape.count == 1 { return x.prelu(slope) }
    let ones = [Int](repeating: 1, count: max(0, x.rank - 2))
    return x.prelu(slope.reshaped(to: Shape([1, weight.shape[0]] + ones)))
  }
}
