import TensorEngine

/// Each channel of [N, C, ...] brought to mean 0 and variance 1, then scaled and shifted by learnt
/// numbers (Ioffe and Szegedy, "Batch normalization", 2015).
///
/// In training the mean and variance are the batch's, and running ones are kept; in inference they
/// are the running ones. As in PyTorch the running variance is the unbiased one.
public struct BatchNorm: Layer {
  /// What each channel is multiplied by, [channels]; ones at first.
  public var weight: Parameter
  /// What is added to each channel, [channels]; zeros at first.
  public var bias: Parameter
  /// The running mean, [channels]; not trained.
  public var runningMean: Parameter
  /// The running variance, [channels]; not trained.
  public var runningVar: Parameter
  /// The share of a batch in the running statistics, in 0 ... 1.
  public var momentum: Double
  /// Added to the variance.
  public var epsilon: Double

  /// The parameters and running statistics, under PyTorch's names.
  public static let fields: [Field<BatchNorm>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
    .parameter("running_mean", \.runningMean), .parameter("running_var", \.runningVar),
  ]

  /// A layer for a number of channels; momentum and epsilon are PyTorch's.
  public init(_ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) {
    let zeros = TensorValue<Float>(repeating: 0, shape: [channels])
    let ones = TensorValue<Float>(repeating: 1, shape: [channels])
    weight = Parameter(ones)
    bias = Parameter(zeros)
    runningMean = Parameter(zeros, isTrained: false)
    runningVar = Parameter(ones, isTrained: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Applies the layer. In training it adds the update of the running statistics to the program;
  /// applied several times in one program, it updates them as often.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let x = x.withChannels(weight.shape[0])
    guard mode == .training else {
      let scale = x.spread(weight) * (x.spread(runningVar) + epsilon).rsqrt()
      return x * scale + (x.spread(bias) - x.spread(runningMean) * scale)
    }
    let (y, mean, variance) = x.standardized(
      over: (0..<max(2, x.rank)).filter { $0 != 1 }, epsilon: epsilon,
      scale: x.spread(weight), shift: x.spread(bias))
    let count = Double(x.shape.count / max(1, weight.shape[0]))
    track(runningMean, mean)
    track(runningVar, variance * (count / max(1, count - 1)))
    return y
  }

  private func track(_ statistic: Parameter, _ batch: Tensor) {
    let graph = batch.graph
    let state = graph[statistic]
    graph.update(
      state,
      to: (1 - momentum) * graph.latest(state) + momentum * batch.reshaped(to: state.shape))
  }
}

/// Each channel of each image of [N, C, ...] brought to mean 0 and variance 1 by itself (Ulyanov,
/// Vedaldi and Lempitsky, "Instance normalization", 2016), then, where it is affine, scaled and
/// shifted by learnt numbers.
public struct InstanceNorm: Layer {
  /// What each channel is multiplied by, [channels]; ones at first.
  public var weight: Parameter?
  /// What is added to each channel, [channels]; zeros at first.
  public var bias: Parameter?
  /// How many channels there are.
  public let channels: Int
  /// Added to the variance.
  public var epsilon: Double

  /// The parameters, under PyTorch's names.
  public static let fields: [Field<InstanceNorm>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer for a number of channels; epsilon is PyTorch's.
  public init(_ channels: Int, isAffine: Bool = true, epsilon: Double = 1e-5) {
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
    return x.standardized(
      over: Array(2..<max(3, x.rank)), epsilon: epsilon,
      scale: weight.map(x.spread), shift: bias.map(x.spread)
    ).value
  }

  /// Applies the layer with numbers from elsewhere, each [1 or N, channels, 1, ...].
  ///
  /// - Parameters:
  ///   - scale: what each channel is multiplied by in place of `weight`.
  ///   - shift: what is added to each channel in place of `bias`.
  ///   - statistics: the mean and the variance to bring to 0 and 1; nil for each image's own.
  public func callAsFunction(
    _ x: Tensor, scale: Tensor, shift: Tensor, statistics: (mean: Tensor, variance: Tensor)? = nil
  ) -> Tensor {
    let x = x.withChannels(channels)
    if let statistics {
      let inverse = (statistics.variance + epsilon).rsqrt()
      return (x - statistics.mean) * (scale * inverse) + shift
    }
    return x.standardized(
      over: Array(2..<max(3, x.rank)), epsilon: epsilon, scale: scale, shift: shift
    ).value
  }
}

extension Tensor {
  /// Itself; another number of channels along axis 1 is a mistake that compiling throws.
  fileprivate func withChannels(_ channels: Int) -> Tensor {
    let dimensions = shape.dimensions
    return reshaped(to: Shape(dimensions.prefix(1) + [channels] + dimensions.dropFirst(2)))
  }

  /// A number for each channel, to be broadcast over this tensor.
  fileprivate func spread(_ parameter: Parameter) -> Tensor {
    let ones = [Int](repeating: 1, count: Swift.max(0, rank - 2))
    return graph[parameter].reshaped(to: Shape([1, parameter.shape[0]] + ones))
  }

  /// scale · (x - mean) / sqrt(variance + epsilon) + shift, with the mean and the biased variance
  /// over some axes, which stay with extent 1.
  ///
  /// Everything is measured from a pivot: the mean, taken as a constant. Any constant gives the
  /// same function, so the gradients of every order are exact without a gradient through the pivot;
  /// this one keeps all digits where the mean is large beside the deviation. The tensor is read
  /// three times forwards, and twice more together with its cotangent backwards.
  fileprivate func standardized(
    over axes: [Int], epsilon: Double, scale: Tensor?, shift: Tensor?
  ) -> (value: Tensor, mean: Tensor, variance: Tensor) {
    let mean = mean(axes: axes, keepsAxes: true)
    let pivot = mean.stopGradient()
    let centred = self - pivot
    let offset = mean - pivot
    let variance = centred.square().mean(axes: axes, keepsAxes: true) - offset.square()
    let inverse = (variance + epsilon).rsqrt()
    let factor = scale.map { $0 * inverse } ?? inverse
    let summand = shift.map { $0 - offset * factor } ?? -(offset * factor)
    return (centred * factor + summand, mean, variance)
  }
}
