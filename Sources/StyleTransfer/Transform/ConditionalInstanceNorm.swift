import NeuralNetworks
import TensorEngine

/// Instance norm whose scale and shift belong to styles: one network draws them all, and mixtures of
/// them (Dumoulin, Shlens and Kudlur, "A learned representation for artistic style", 2017).
public struct ConditionalInstanceNorm: Module {
  /// What each channel is multiplied by in each style, [styles, channels]; ones at first.
  public var weight: Parameter
  /// What is added to each channel in each style, [styles, channels]; zeros at first.
  public var bias: Parameter
  private let norm: InstanceNorm

  /// The parameters.
  public static let fields: [Field<ConditionalInstanceNorm>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A norm for a number of channels and styles.
  public init(_ channels: Int, styles: Int) {
    weight = Parameter(TensorValue(repeating: 1, shape: [styles, channels]))
    bias = Parameter(TensorValue(repeating: 0, shape: [styles, channels]))
    norm = InstanceNorm(channels, isAffine: false)
  }

  /// Applies the norm.
  ///
  /// - Parameters:
  ///   - x: [N, channels, H, W].
  ///   - styles: what each style counts for in each image, [N, styles]; nil where there is one style.
  ///   - statistics: the mean and variance of each channel, [1, channels, 1, 1]; nil for each image's
  ///     own.
  public func callAsFunction(
    _ x: Tensor, styles: Tensor?, statistics: (mean: Tensor, variance: Tensor)? = nil
  ) -> Tensor {
    norm(x, scale: mixed(weight, styles, x), shift: mixed(bias, styles, x), statistics: statistics)
  }

  /// A number for each channel: those of the styles, each as often as it counts.
  private func mixed(_ parameter: Parameter, _ styles: Tensor?, _ x: Tensor) -> Tensor {
    let numbers = x.graph[parameter]
    let mixture = styles.map { $0.matmul(numbers) } ?? numbers
    return mixture.reshaped(to: [mixture.shape[0], norm.channels, 1, 1])
  }
}
