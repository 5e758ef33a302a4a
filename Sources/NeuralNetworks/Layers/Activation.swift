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
  /// x, or exp(x) - 1 below 0 (Clevert et al. 2016).
  case elu
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + exp(-x))
  case sigmoid
  /// log(1 + exp(x))
  case softplus
  /// x · sigmoid(x) (Elfwing et al. 2018).
  case silu

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
    case .elu: x.elu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .softplus: x.softplus()
    case .silu: x.silu()
    }
  }
}
