import Randomness
import TensorEngine

/// Transposed convolution of lines [N, inChannels, W] to [N, outChannels, W'] with
/// W' = (W - 1) · stride - padding + dilation · (size - 1) + 1 + outputPadding, then an activation.
public struct ConvTranspose1D: Layer {
  /// [inChannels, outChannels / groups, size]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Its window along the one axis.
  public let window: SpatialWindow
  /// Places added at the end; less than the stride.
  public let outputPadding: Int
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<ConvTranspose1D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  public init(
    _ inChannels: Int, _ outChannels: Int, _ window: SpatialWindow, outputPadding: Int = 0,
    activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    weight = window.transposedWeight(inChannels, outChannels, axes: 1, initializer, &random)
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.window = window
    self.outputPadding = outputPadding
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    activation(
      x.convolvedTransposed(with: x.graph[weight], window, [outputPadding])
        .addingChannelBias(bias))
  }
}

/// Transposed convolution of volumes [N, inChannels, D, H, W] to [N, outChannels, D', H', W'], each
/// axis as in `ConvTranspose1D`, then an activation.
public struct ConvTranspose3D: Layer {
  /// [inChannels, outChannels / groups, depth, height, width]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Its window along depth, height and width.
  public let window: SpatialWindow
  /// Places added at the end of each axis, less than the stride; one number for all or one for each.
  public let outputPadding: [Int]
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<ConvTranspose3D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  public init(
    _ inChannels: Int, _ outChannels: Int, _ window: SpatialWindow,
    outputPadding: [Int] = [0], activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    weight = window.transposedWeight(inChannels, outChannels, axes: 3, initializer, &random)
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.window = window
    self.outputPadding = outputPadding
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    activation(
      x.convolvedTransposed(with: x.graph[weight], window, outputPadding).addingChannelBias(bias))
  }
}

extension SpatialWindow {
  fileprivate func transposedWeight(
    _ inChannels: Int, _ outChannels: Int, axes: Int, _ initializer: Initializer,
    _ random: inout RandomStream
  ) -> Parameter {
    let shape = weightShape(inChannels, outChannels / groups, axes: axes)
    let steps = stride.count == axes ? stride : Array(repeating: stride[0], count: axes)
    return Parameter(
      initializer(
        shape, .transposedConvolution(shape, groups: groups, stride: steps.reduce(1, *)), &random))
  }
}

extension Tensor {
  fileprivate func convolvedTransposed(
    with weight: Tensor, _ window: SpatialWindow, _ outputPadding: [Int]
  ) -> Tensor {
    convolvedTransposed(
      with: weight, stride: window.stride, padding: window.padding, dilation: window.dilation,
      groups: window.groups, outputPadding: outputPadding)
  }
}
