import TensorEngine

/// The last axes of [N, ...] together brought to mean 0 and variance 1, then, where it is affine,
/// each place scaled and shifted by learnt numbers (Ba, Kiros and Hinton, "Layer normalization",
/// 2016).
public struct LayerNorm: Layer {
  /// What each place is multiplied by, of `normalizedShape`; ones at first.
  public var weight: Parameter?
  /// What is added to each place, of `normalizedShape`; zeros at first.
  public var bias: Parameter?
  /// The extents of the last axes.
  public let normalizedShape: Shape
  /// Added to the variance.
  public var epsilon: Double

  /// The parameters, under PyTorch's names.
  public static let fields: [Field<LayerNorm>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer for the extents of the last axes, such as [features]; epsilon is PyTorch's.
  public init(_ normalizedShape: Shape, isAffine: Bool = true, epsilon: Double = 1e-5) {
    self.normalizedShape = normalizedShape
    if isAffine {
      weight = Parameter(TensorValue(repeating: 1, shape: normalizedShape))
      bias = Parameter(TensorValue(repeating: 0, shape: normalizedShape))
    }
    self.epsilon = epsilon
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let axes = normalizedShape.rank
    guard x.rank >= axes, x.shape.dimensions.suffix(axes) == normalizedShape.dimensions[...] else {
      return x.failing(kind, "last axes unlike \(normalizedShape)")
    }
    return x.standardized(
      over: Array(x.rank - axes..<x.rank), epsilon: epsilon, weight: weight.map { x.graph[$0] },
      bias: bias.map { x.graph[$0] }
    ).value
  }
}

/// Groups of channels of each image of [N, C, ...] brought to mean 0 and variance 1 by themselves,
/// then, where it is affine, each channel scaled and shifted by learnt numbers (Wu and He, "Group
/// normalization", 2018).
public struct GroupNorm: Layer {
  /// What each channel is multiplied by, [channels]; ones at first.
  public var weight: Parameter?
  /// What is added to each channel, [channels]; zeros at first.
  public var bias: Parameter?
  /// How many groups there are.
  public let groups: Int
  /// How many channels there are.
  public let channels: Int
  /// Added to the variance.
  public var epsilon: Double

  /// The parameters, under PyTorch's names.
  public static let fields: [Field<GroupNorm>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer for a number of groups, which divides the number of channels; epsilon is PyTorch's.
  public init(_ groups: Int, channels: Int, isAffine: Bool = true, epsilon: Double = 1e-5) {
    precondition(
      groups > 0 && channels.isMultiple(of: groups), "\(groups) groups of \(channels) channels")
    self.groups = groups
    self.channels = channels
    if isAffine {
      weight = Parameter(TensorValue(repeating: 1, shape: [channels]))
      bias = Parameter(TensorValue(repeating: 0, shape: [channels]))
    }
    self.epsilon = epsilon
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let x = x.withChannels(channels)
    let count = x.shape.count / max(1, x.shape[0] * groups)
    let grouped = x.reshaped(to: [x.shape[0], groups, count])
    var y = grouped.standardized(over: [2], epsilon: epsilon).value.reshaped(to: x.shape)
    if let weight { y = y * y.spread(weight) }
    if let bias { y = y + y.spread(bias) }
    return y
  }
}
