import Randomness
import TensorEngine

/// The residual block of networks that make or judge images: two convolutions of 3x3 beside a way that
/// keeps the image, of twice the size, half the size or the same (Gulrajani et al. 2017, appendix;
/// Miyato et al. 2018, figure 8). Resizing comes after the convolution of 1x1 on the shorter way, with
/// which it commutes.
///
/// Differs from the paper: the weights are Glorot's without a gain of √2.
public struct ResidualBlock: Layer {
  /// What becomes of the height and width.
  public enum Resizing: Sendable {
    /// They stay.
    case none
    /// Twice of both.
    case double
    /// Half of both, which must be even.
    case halve
  }

  private let resizing: Resizing
  /// Whether the block begins with an activation; the first one of a discriminator does not.
  private let beginsActive: Bool
  private var first: AnyLayer
  private var second: AnyLayer
  /// The convolution of 1x1 on the shorter way; none where nothing changes its shape.
  private var shortcut: [AnyLayer]
  private var norms: [BatchNorm]

  /// The convolutions and norms.
  public static var fields: [Field<ResidualBlock>] {
    [
      .module("first", \.first), .module("second", \.second), .module("shortcut", \.shortcut),
      .module("norms", \.norms),
    ]
  }

  /// A block from `inputs` channels to `outputs`.
  ///
  /// - Parameters:
  ///   - usesNorms: whether batches are normalised before the convolutions.
  ///   - convolution: makes a convolution of channels to channels with a window of a size.
  public init(
    _ inputs: Int, _ outputs: Int, _ resizing: Resizing, usesNorms: Bool, beginsActive: Bool = true,
    random: inout RandomStream, convolution: (Int, Int, Int, inout RandomStream) -> AnyLayer
  ) {
    self.resizing = resizing
    self.beginsActive = beginsActive
    // A generator's block has its outputs' channels within, a discriminator's its inputs'.
    let within = resizing == .halve && beginsActive ? inputs : outputs
    first = convolution(inputs, within, 3, &random)
    second = convolution(within, outputs, 3, &random)
    let isPlain = inputs == outputs && resizing == .none
    shortcut = isPlain ? [] : [convolution(inputs, outputs, 1, &random)]
    norms = usesNorms ? [BatchNorm(inputs), BatchNorm(within)] : []
  }

  /// Applies the block to images [N, inputs, H, W].
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    func normalized(_ x: Tensor, _ place: Int) -> Tensor {
      norms.isEmpty ? x : norms[place](x, mode: mode)
    }
    var y = beginsActive ? normalized(x, 0).relu() : x
    if resizing == .double { y = y.upsampled(by: 2) }
    y = first(y, mode: mode)
    y = second(normalized(y, 1).relu(), mode: mode)
    switch resizing {
    case .none: return y + shortcut(x, mode: mode)
    case .double: return y + shortcut(x, mode: mode).upsampled(by: 2)
    case .halve: return y.halved + shortcut(x.halved, mode: mode)
    }
  }
}

extension Tensor {
  /// Images of half the height and width, each pixel the mean of four.
  fileprivate var halved: Tensor {
    averagePooled(PoolingWindow(2))
  }
}
