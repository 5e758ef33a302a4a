import NeuralNetworks
import Randomness
import TensorEngine

/// Draws a picture in a style at one go: convolutions down to a quarter of the size, residual blocks,
/// and up again (Johnson, Alahi and Fei-Fei, "Perceptual losses for real-time style transfer and
/// super-resolution", 2016), with one or several styles (Dumoulin, Shlens and Kudlur 2017).
///
/// Differs from the paper: every convolution mirrors its borders instead of zeros or none, images are
/// normalised one by one (Ulyanov, Vedaldi and Lempitsky 2016), and the way up repeats pixels before
/// a convolution instead of a transposed one (Odena, Dumoulin and Olah 2016).
public struct TransformNetwork: Module {
  var down: [TransformStage]
  var blocks: [TransformBlock]
  var up: [TransformStage]
  var output: Conv2D

  /// The stages, from the picture to the picture.
  public static let fields: [Field<TransformNetwork>] = [
    .module("down", \.down), .module("blocks", \.blocks), .module("up", \.up),
    .module("output", \.output),
  ]

  /// How many styles it draws.
  public let styles: Int
  /// Pixels that height and width are multiples of.
  public let alignment: Int

  /// The window of the first and the last convolution, in pixels.
  static let outerKernelSize = 9

  /// A network with freshly drawn weights.
  ///
  /// - Parameters:
  ///   - channels: from the picture inwards; each but the first halves it.
  ///   - blocks: residual blocks in the middle.
  ///   - styles: how many styles it draws.
  public init(
    channels: [Int] = [32, 64, 128], blocks: Int = 5, styles: Int = 1, random: inout RandomStream
  ) {
    precondition(!channels.isEmpty && styles > 0, "a network needs channels and a style")
    self.styles = styles
    alignment = 1 << (channels.count - 1)
    func stage(_ inputs: Int, _ outputs: Int, kernelSize: Int = 3, stride: Int = 1, factor: Int = 1)
      -> TransformStage
    {
      TransformStage(
        inputs, outputs, kernelSize: kernelSize, stride: stride, factor: factor, styles: styles,
        random: &random)
    }
    let steps = Array(zip(channels, channels.dropFirst()))
    down = [stage(3, channels[0], kernelSize: Self.outerKernelSize)]
    for (inputs, outputs) in steps { down.append(stage(inputs, outputs, stride: 2)) }
    let width = channels[channels.count - 1]
    self.blocks = (0..<blocks).map { _ in
      TransformBlock(first: stage(width, width), second: stage(width, width))
    }
    up = steps.reversed().map { outputs, inputs in stage(inputs, outputs, factor: 2) }
    output = Conv2D(
      channels[0], 3, kernelSize: Self.outerKernelSize, initializer: .heUniform, random: &random)
  }

  /// Pixels beyond its own that a pixel of the result depends on, at most, but for the statistics of
  /// the norms; a multiple of `alignment`.
  public var reach: Int {
    let outer = 2 * (Self.outerKernelSize / 2)
    // 3x3 at the strides 1, 2, ... on the way in and on the way out, and twice in each block.
    let sampling = 2 * (alignment - 1)
    // Rows and columns that stand for several pixels begin before their own.
    let rounding = 2 * alignment
    let whole = outer + sampling + 2 * blocks.count * alignment + rounding
    return (whole + alignment - 1) / alignment * alignment
  }

  /// The least height and width of a picture: every convolution has a pixel to mirror.
  public var leastExtent: Int { max(2 * alignment, Self.outerKernelSize / 2 + 1) }

  /// Draws pictures anew; the result is not bounded.
  ///
  /// - Parameters:
  ///   - pictures: [N, 3, H, W]; height and width are multiples of `alignment`.
  ///   - styles: what each style counts for in each picture, [N, styles]; nil where there is one.
  public func callAsFunction(_ pictures: Tensor, styles: Tensor? = nil) -> Tensor {
    traced(pictures, styles: styles).result
  }

  /// Draws pictures in 0 ... 1 anew, in the same colours as `callAsFunction` but bounded: a scaled
  /// hyperbolic tangent around the middle grey reaches a little beyond black and white, so that both
  /// are had with a finite slope (Johnson et al. 2016, supplement: 150 · tanh, of 255).
  public func picture(of pictures: Tensor, styles: Tensor? = nil) -> Tensor {
    Self.bounded(self(pictures, styles: styles))
  }

  /// 1/2 + 150/255 · tanh(x)
  static func bounded(_ result: Tensor) -> Tensor { 0.5 + (150.0 / 255) * result.tanh() }

  /// The network, with what enters each norm.
  ///
  /// - Parameters:
  ///   - pictures: [N, 3, H, W]; height and width are multiples of `alignment`.
  ///   - styles: what each style counts for in each picture, [N, styles]; nil where there is one.
  ///   - statistics: means and variances, [1, C, 1, 1], for the first norms; the others take each
  ///     image's own.
  /// - Returns: what is drawn, not bounded, and what enters each norm, in order.
  public func traced(
    _ pictures: Tensor, styles: Tensor? = nil,
    statistics: [(mean: Tensor, variance: Tensor)] = []
  ) -> (result: Tensor, normInputs: [Tensor]) {
    precondition(styles != nil || self.styles == 1, "which of the \(self.styles) styles?")
    let graph = pictures.graph
    var norms = NormTrace(styles: styles, statistics: statistics)
    var x = pictures
    func run(_ name: String, _ stages: [TransformStage]) {
      for (place, stage) in stages.enumerated() {
        x = graph.layer("\(name).\(place)", kind: "TransformStage") { stage(x, &norms) }
      }
    }
    run("down", down)
    for (place, block) in blocks.enumerated() {
      x = graph.layer("blocks.\(place)", kind: "TransformBlock") { block(x, &norms) }
    }
    run("up", up)
    x = graph.layer("output", kind: output.kind) {
      graph.checkpointed {
        output(
          ReflectionPad2D(Self.outerKernelSize / 2)(norms.activated(x), mode: .inference),
          mode: .inference)
      }
    }
    return (x, norms.inputs)
  }

  /// The channels of each norm, in order.
  var normChannels: [Int] {
    (down + blocks.flatMap { [$0.first, $0.second] } + up).map { $0.norm.weight.shape[1] }
  }
}

/// Gives each norm of a network its statistics as they are met, and notes what enters it. What a norm makes is
/// computed with the convolution that reads it, and computed again in the reverse pass: of all that a stage
/// makes, only what enters its norm is kept.
struct NormTrace {
  let styles: Tensor?
  let statistics: [(mean: Tensor, variance: Tensor)]
  private(set) var inputs: [Tensor] = []
  /// The norm that was entered last, until it is left.
  private var entered: ConditionalInstanceNorm?

  init(styles: Tensor?, statistics: [(mean: Tensor, variance: Tensor)]) {
    self.styles = styles
    self.statistics = statistics
  }

  /// Notes what enters a norm.
  mutating func enter(_ norm: ConditionalInstanceNorm, _ x: Tensor) -> Tensor {
    inputs.append(x)
    entered = norm
    return x
  }

  /// What the norm that `x` entered makes of it; `x` where there is none.
  mutating func normalized(_ x: Tensor) -> Tensor {
    guard let norm = entered else { return x }
    entered = nil
    let place = inputs.count - 1
    return norm(x, styles: styles, statistics: place < statistics.count ? statistics[place] : nil)
  }

  /// The same with a ReLU where there is a norm.
  mutating func activated(_ x: Tensor) -> Tensor {
    entered == nil ? x : normalized(x).relu()
  }
}

/// A convolution with mirrored borders, of pixels that are first repeated where it makes the image
/// larger, and a norm that what follows leaves.
struct TransformStage: Module {
  var convolution: Conv2D
  var norm: ConditionalInstanceNorm
  let factor: Int
  let padding: Int

  static let fields: [Field<TransformStage>] = [
    .module("convolution", \.convolution), .module("norm", \.norm),
  ]

  init(
    _ inputs: Int, _ outputs: Int, kernelSize: Int, stride: Int, factor: Int, styles: Int,
    random: inout RandomStream
  ) {
    convolution = Conv2D(
      inputs, outputs, kernelSize: kernelSize, .init(stride: stride), initializer: .heUniform,
      random: &random)
    norm = ConditionalInstanceNorm(outputs, styles: styles)
    self.factor = factor
    padding = kernelSize / 2
  }

  func callAsFunction(_ x: Tensor, _ norms: inout NormTrace) -> Tensor {
    let convolved = x.graph.checkpointed {
      let active = norms.activated(x)
      let enlarged = factor > 1 ? active.upsampled(by: factor) : active
      let padded = ReflectionPad2D(padding)(enlarged, mode: .inference)
      return convolution(padded, mode: .inference)
    }
    return norms.enter(norm, convolved)
  }
}

/// x + two stages of it, with a ReLU between them.
struct TransformBlock: Module {
  var first: TransformStage
  var second: TransformStage

  static let fields: [Field<TransformBlock>] = [
    .module("first", \.first), .module("second", \.second),
  ]

  func callAsFunction(_ x: Tensor, _ norms: inout NormTrace) -> Tensor {
    let x = norms.activated(x)
    let inner = second(first(x, &norms), &norms)
    return x + norms.normalized(inner)
  }
}
