import Randomness
import TensorEngine

/// A convolution of images [N, channels, H, W] in which each channel is seen alone and makes
/// `multiplier` channels: [N, channels · multiplier, H', W'], then an activation.
public struct DepthwiseConv2D: WeightedLayer {
  /// The convolution, with a group for each channel.
  private var base: Conv2D

  /// The convolution's parameters are walked in its place.
  public static var fields: [Field<DepthwiseConv2D>] { [] }

  /// A layer with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - kernelSize: the window's height and width, in pixels.
  ///   - geometry: stride, padding and dilation.
  public init(
    _ channels: Int, multiplier: Int = 1, kernelSize: Int,
    _ geometry: ConvolutionGeometry = .init(), activation: Activation = .identity,
    usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    random: inout RandomStream
  ) {
    var geometry = geometry
    geometry.groups = channels
    base = Conv2D(
      channels, channels * multiplier, kernelSize: kernelSize, geometry, activation: activation,
      usesBias: usesBias, initializer: initializer, random: &random)
  }

  /// [channels · multiplier, 1, kernelSize, kernelSize]
  public var weight: Parameter { base.weight }

  /// Visits the convolution's parameters.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    base.walkParameters(at: path, visit)
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { base(x, mode: mode) }

  /// Applies the layer with another weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor { base(x, weight: weight) }
}

/// A convolution of each channel alone, then one of single pixels that mixes them: what a
/// convolution does with far fewer weights (Chollet, "Xception", 2017).
public struct SeparableConv2D: Layer {
  /// Each channel alone; it has no bias.
  public var depthwise: DepthwiseConv2D
  /// The mixture, 1 x 1.
  public var pointwise: Conv2D

  /// The two convolutions.
  public static let fields: [Field<SeparableConv2D>] = [
    .module("depthwise", \.depthwise), .module("pointwise", \.pointwise),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - multiplier: channels that each one becomes before they are mixed.
  ///   - kernelSize: the window's height and width, in pixels.
  ///   - geometry: stride, padding and dilation.
  public init(
    _ inChannels: Int, _ outChannels: Int, multiplier: Int = 1, kernelSize: Int,
    _ geometry: ConvolutionGeometry = .init(), activation: Activation = .identity,
    usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    random: inout RandomStream
  ) {
    depthwise = DepthwiseConv2D(
      inChannels, multiplier: multiplier, kernelSize: kernelSize, geometry, usesBias: false,
      initializer: initializer, random: &random)
    pointwise = Conv2D(
      inChannels * multiplier, outChannels, kernelSize: 1, activation: activation,
      usesBias: usesBias, initializer: initializer, random: &random)
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    pointwise(depthwise(x, mode: mode), mode: mode)
  }
}
