import Randomness
import TensorEngine

/// y = activation(x · weightᵀ + bias): [N, ..., inFeatures] to [N, ..., outFeatures].
public struct Dense: WeightedLayer {
  /// [outFeatures, inFeatures]
  public var weight: Parameter
  /// [outFeatures]
  public var bias: Parameter?
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<Dense>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with a freshly drawn weight and a bias of zeros.
  public init(
    _ inFeatures: Int, _ outFeatures: Int, activation: Activation = .identity,
    usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    random: inout RandomStream
  ) {
    let shape: Shape = [outFeatures, inFeatures]
    weight = Parameter(initializer(shape, .dense(shape), &random))
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outFeatures])) : nil
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { self(x, weight: x.graph[weight]) }

  /// Applies the layer with another weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let product = x.matmul(weight.transposed())
    return activation(bias.map { product + x.graph[$0] } ?? product)
  }
}
