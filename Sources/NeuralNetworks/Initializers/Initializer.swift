import Randomness
import TensorEngine

/// How a weight is drawn before training. Variances follow the number of inputs and outputs of one
/// unit so that signals neither grow nor fade through the layers.
public struct Initializer: Sendable, Hashable {
  /// What the drawn numbers follow.
  enum Distribution: Hashable { case uniform, normal }
  /// What the variance is divided by.
  enum Fan: Hashable { case input, output, average, one }

  let scale: Double
  let fan: Fan
  let distribution: Distribution

  /// Variance 2 / (inputs + outputs), even (Glorot and Bengio 2010): for tanh and sigmoid.
  public static let glorotUniform = Initializer(scale: 1, fan: .average, distribution: .uniform)
  /// Variance 2 / (inputs + outputs), normal.
  public static let glorotNormal = Initializer(scale: 1, fan: .average, distribution: .normal)
  /// Variance 2 / inputs, even (He et al. 2015): for ReLU.
  public static let heUniform = Initializer(scale: 2, fan: .input, distribution: .uniform)
  /// Variance 2 / inputs, normal.
  public static let heNormal = Initializer(scale: 2, fan: .input, distribution: .normal)
  /// Variance 1 / inputs, even (LeCun et al. 1998): for SELU.
  public static let lecunUniform = Initializer(scale: 1, fan: .input, distribution: .uniform)
  /// Variance 1 / inputs, normal.
  public static let lecunNormal = Initializer(scale: 1, fan: .input, distribution: .normal)

  /// Variance 1 / (3 inputs), even: between -1/√inputs and 1/√inputs, PyTorch's usual (LeCun et al.
  /// 1998).
  public static let uniformOfInputs = Initializer(
    scale: 1.0 / 3, fan: .input, distribution: .uniform)

  /// Variance 2 / outputs, normal (He et al. 2015, for signals that go backwards).
  public static let heNormalOfOutputs = Initializer(
    scale: 2, fan: .output, distribution: .normal)

  /// Normal with a fixed deviation, whatever the layer's size.
  public static func normal(deviation: Double) -> Initializer {
    Initializer(scale: deviation * deviation, fan: .one, distribution: .normal)
  }

  /// How many inputs one output has, and outputs one input, away from the edges of an image.
  struct Fans {
    let input: Double
    let output: Double

    /// Of a dense weight [outFeatures, inFeatures].
    static func dense(_ shape: Shape) -> Fans {
      Fans(input: Double(shape[1]), output: Double(shape[0]))
    }

    /// Of a convolution's weight [O, C / groups, k...], by the field's convention as if its stride
    /// were 1.
    static func convolution(_ shape: Shape, groups: Int) -> Fans {
      let window = Double(shape.dimensions.dropFirst(2).reduce(1, *))
      return Fans(
        input: Double(shape[1]) * window, output: Double(shape[0] / groups) * window)
    }

    /// Of a transposed convolution's weight [C, O / groups, k...]: each output pixel is reached by
    /// one tap in as many as the strides' product of every input channel of its group.
    static func transposedConvolution(_ shape: Shape, groups: Int, stride: Int) -> Fans {
      let window = Double(shape.dimensions.dropFirst(2).reduce(1, *))
      return Fans(
        input: Double(shape[0] / groups) * Swift.max(1, window / Double(stride)),
        output: Double(shape[1]) * window)
    }
  }

  /// A weight, drawn from the stream's next numbers when it is asked for.
  func callAsFunction(
    _ shape: Shape, _ fans: Fans, _ random: inout RandomStream
  ) -> TensorValue<Float> {
    let divisor =
      switch fan {
      case .input: fans.input
      case .output: fans.output
      case .one: 1.0
      case .average: (fans.input + fans.output) / 2
      }
    let variance = scale / Swift.max(1, divisor)
    let (start, distribution) = (random, distribution)
    random.skip(
      shape.count
        * (distribution == .uniform
          ? RandomStream.wordsOfUniformDouble : RandomStream.wordsOfNormal))
    return TensorValue(shape: shape) {
      var random = start
      return (0..<shape.count).map { _ in
        switch distribution {
        case .uniform:
          Float((3 * variance).squareRoot() * (2 * random.uniformDouble() - 1))
        case .normal:
          Float(variance.squareRoot() * random.normal())
        }
      }
    }
  }
}
