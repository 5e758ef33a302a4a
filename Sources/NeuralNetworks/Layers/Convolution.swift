import Randomness
import TensorEngine

/// Convolution of images [N, inChannels, H, W] to [N, outChannels, H', W'], then an activation.
public struct Conv2D: WeightedLayer {
  /// [outChannels, inChannels / groups, kernelSize, kernelSize]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Stride, padding, dilation and groups.
  public var geometry: ConvolutionGeometry
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<Conv2D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - kernelSize: the window's height and width, in pixels.
  ///   - geometry: stride, padding, dilation and groups.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int,
    _ geometry: ConvolutionGeometry = .init(), activation: Activation = .identity,
    usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    random: inout RandomStream
  ) {
    let shape: Shape = [outChannels, inChannels / geometry.groups, kernelSize, kernelSize]
    weight = Parameter(initializer(shape, .convolution(shape, groups: geometry.groups), &random))
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.geometry = geometry
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { self(x, weight: x.graph[weight]) }

  /// Applies the layer with another weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let sum = x.convolved(with: weight, geometry)
    return activation(sum.addingChannelBias(bias))
  }
}

/// Transposed convolution of images [N, inChannels, H, W] to [N, outChannels, H', W'] with
/// H' = (H - 1) · stride - 2 · padding + dilation · (kernelSize - 1) + 1 + outputPadding, then an
/// activation.
public struct ConvTranspose2D: Layer {
  /// [inChannels, outChannels / groups, kernelSize, kernelSize]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Stride, padding, dilation and groups.
  public var geometry: ConvolutionGeometry
  /// Rows and columns added at the bottom and right of the result.
  public var outputPadding: Int
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<ConvTranspose2D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - kernelSize: the window's height and width, in pixels.
  ///   - geometry: stride, padding, dilation and groups.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int,
    _ geometry: ConvolutionGeometry = .init(), outputPadding: Int = 0,
    activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    let shape: Shape = [inChannels, outChannels / geometry.groups, kernelSize, kernelSize]
    let stride = geometry.stride[0] * geometry.stride[1]
    weight = Parameter(
      initializer(
        shape, .transposedConvolution(shape, groups: geometry.groups, stride: stride), &random))
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.geometry = geometry
    self.outputPadding = outputPadding
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let sum = x.convolvedTransposed(
      with: x.graph[weight], geometry, outputPadding: outputPadding)
    return activation(sum.addingChannelBias(bias))
  }
}

extension Tensor {
  /// One number added to each channel of images [N, C, ...].
  func addingChannelBias(_ bias: Parameter?) -> Tensor {
    guard let bias else { return self }
    let ones = [Int](repeating: 1, count: Swift.max(0, rank - 2))
    return self + graph[bias].reshaped(to: Shape([1, bias.shape[0]] + ones))
  }
}
