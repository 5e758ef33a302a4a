import NeuralNetworks
import Randomness
import TensorEngine

/// Which codes follow from those above and to the left: an autoregressive network over a grid of codes
/// (van den Oord, Kalchbrenner and Kavukcuoglu, "Pixel recurrent neural networks", 2016, PixelCNN).
///
/// Differs from the paper: residual layers of one masked convolution.
struct CodePrior: Module {
  private var first: MaskedConvolution
  private var layers: [MaskedConvolution]
  private var last: Conv2D

  static let fields: [Field<CodePrior>] = [
    .module("first", \.first), .module("layers", \.layers), .module("last", \.last),
  ]

  init(_ configuration: CodebookConfiguration, random: inout RandomStream) {
    let channels = configuration.priorChannels
    first = MaskedConvolution(
      configuration.codes, channels, kernelSize: 5, seesItself: false, random: &random)
    layers = (0..<configuration.priorLayers).map { _ in
      MaskedConvolution(channels, channels, kernelSize: 5, seesItself: true, random: &random)
    }
    last = Conv2D(channels, configuration.codes, kernelSize: 1, random: &random)
  }

  /// The logits [N, codes, height, width] of the codes at each place of one-hot codes of the same shape.
  func logits(_ codes: Tensor, mode: Mode) -> Tensor {
    let graph = codes.graph
    return graph.scoped("codePrior") {
      var x = graph.layer("first", kind: first.kind) { first(codes, mode: mode) }
      for (place, layer) in layers.enumerated() {
        x = graph.layer("layers.\(place)", kind: layer.kind) { x + layer(x.relu(), mode: mode) }
      }
      return graph.layer("last", kind: last.kind) { last(x.relu(), mode: mode) }
    }
  }
}

/// A convolution that sees the rows above and the places to the left, and perhaps its own.
struct MaskedConvolution: Layer {
  private var convolution: Conv2D
  private let seesItself: Bool

  static let fields: [Field<MaskedConvolution>] = [.module("convolution", \.convolution)]

  /// - Parameter kernelSize: odd.
  init(
    _ inputs: Int, _ outputs: Int, kernelSize: Int, seesItself: Bool, random: inout RandomStream
  ) {
    // Rows below are not seen at all.
    let half = kernelSize / 2
    var geometry = ConvolutionGeometry()
    geometry.padding = [half, half, 0, half]
    convolution = Conv2D(inputs, outputs, kernelSize: kernelSize, geometry, random: &random)
    self.seesItself = seesItself
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let size = convolution.weight.shape[2]
    let rows = size / 2 + 1
    let seen = size * size / 2 + (seesItself ? 1 : 0)
    let mask = x.graph.constant(
      (0..<rows * size).map { $0 < seen ? 1 : 0 }, shape: [1, 1, rows, size])
    return convolution(
      x, weight: x.graph[convolution.weight].sliced(axis: 2, 0..<rows) * mask)
  }
}
