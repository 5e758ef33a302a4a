import Randomness
import TensorEngine

/// The window of a convolution along one to three axes: how far it steps, what surrounds the images
/// and how far apart its taps are. Each list has one number per axis, or a single one for all.
public struct SpatialWindow: Hashable, Sendable {
  /// Taps along each axis.
  public var size: [Int]
  /// Distance between neighbouring windows.
  public var stride: [Int]
  /// Zeros around the images.
  public var padding: Padding
  /// Distance between neighbouring taps; 1 is a dense kernel.
  public var dilation: [Int]
  /// Groups of channels that do not see each other.
  public var groups: Int

  /// A window of its parts.
  public init(
    _ size: [Int], stride: [Int] = [1], padding: Padding = .valid, dilation: [Int] = [1],
    groups: Int = 1
  ) {
    self.size = size
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// A window alike along each axis, with as many zeros at each side.
  public init(
    _ size: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) {
    self.init(
      [size], stride: [stride], padding: .explicit([padding]), dilation: [dilation], groups: groups)
  }

  /// The shape of a weight over so many axes; its two first extents are channels.
  func weightShape(_ first: Int, _ second: Int, axes: Int) -> Shape {
    precondition(size.count == 1 || size.count == axes, "a window of \(size) over \(axes) axes")
    return Shape(
      [first, second] + (size.count == axes ? size : Array(repeating: size[0], count: axes)))
  }
}

/// Convolution of lines [N, inChannels, W] to [N, outChannels, W'], then an activation.
public struct Conv1D: WeightedLayer {
  /// [outChannels, inChannels / groups, size]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Its window along the one axis.
  public let window: SpatialWindow
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<Conv1D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  public init(
    _ inChannels: Int, _ outChannels: Int, _ window: SpatialWindow,
    activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    let shape = window.weightShape(outChannels, inChannels / window.groups, axes: 1)
    weight = Parameter(initializer(shape, .convolution(shape, groups: window.groups), &random))
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.window = window
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { self(x, weight: x.graph[weight]) }

  /// Applies the layer with another weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    activation(x.convolved(with: weight, window).addingChannelBias(bias))
  }
}

/// Convolution of volumes [N, inChannels, D, H, W] to [N, outChannels, D', H', W'], then an
/// activation.
public struct Conv3D: WeightedLayer {
  /// [outChannels, inChannels / groups, depth, height, width]
  public var weight: Parameter
  /// [outChannels]
  public var bias: Parameter?
  /// Its window along depth, height and width.
  public let window: SpatialWindow
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<Conv3D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer with freshly drawn weights and a bias of zeros.
  public init(
    _ inChannels: Int, _ outChannels: Int, _ window: SpatialWindow,
    activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    let shape = window.weightShape(outChannels, inChannels / window.groups, axes: 3)
    weight = Parameter(initializer(shape, .convolution(shape, groups: window.groups), &random))
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels])) : nil
    self.window = window
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { self(x, weight: x.graph[weight]) }

  /// Applies the layer with another weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    activation(x.convolved(with: weight, window).addingChannelBias(bias))
  }
}

extension Tensor {
  fileprivate func convolved(with weight: Tensor, _ window: SpatialWindow) -> Tensor {
    convolved(
      with: weight, stride: window.stride, padding: window.padding, dilation: window.dilation,
      groups: window.groups)
  }
}
