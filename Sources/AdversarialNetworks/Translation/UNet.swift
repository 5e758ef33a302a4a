import NeuralNetworks
import Randomness
import TensorEngine

/// The generator of pix2pix: convolutions that halve the image, and transposed ones that double it
/// again and see beside it what the encoder had of that size (Ronneberger, Fischer and Brox,
/// "U-Net", 2015; Isola et al. 2017, section 6.1.1).
///
/// Differs from the paper: images are normalised one by one, which is what its batches of one come
/// to; dropout acts in training alone, so that an image has one translation.
struct UNet: Layer {
  /// The encoder's stages, from the image inwards.
  var down: [[AnyLayer]]
  /// The decoder's stages, from the inside outwards.
  var up: [[AnyLayer]]

  static let fields: [Field<UNet>] = [.module("down", \.down), .module("up", \.up)]

  /// How many of the decoder's stages have dropout.
  private static let droppingStages = 3

  /// - Parameters:
  ///   - image: the channels of an image, in and out.
  ///   - channels: of the encoder's stages, from the image inwards; each halves the image.
  ///   - dropout: how likely a feature of the inner stages is dropped.
  init(image: Int, channels: [Int], dropout: Double, random: inout RandomStream) {
    let builder = LayerBuilder(normalizesSpectrum: false, initializer: .deepConvolutional)
    let halving = ConvolutionGeometry(stride: 2, padding: 1)
    down = []
    for (inputs, outputs) in zip([image] + channels, channels) {
      // The innermost image may be one pixel, which has no deviation.
      let isNormalized = !down.isEmpty && down.count < channels.count - 1
      var stage = [
        builder.convolution(inputs, outputs, 4, halving, usesBias: !isNormalized, &random)
      ]
      if isNormalized { stage.append(AnyLayer(InstanceNorm(outputs))) }
      down.append(stage + [AnyLayer(Activation.leakyReLU)])
    }
    up = []
    let widths = Array(channels.reversed()) + [image]
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      let isLast = up.count == channels.count - 1
      var stage = [
        AnyLayer(
          ConvTranspose2D(
            up.isEmpty ? inputs : 2 * inputs, outputs, kernelSize: 4, halving, usesBias: isLast,
            initializer: .deepConvolutional, random: &random))
      ]
      if isLast {
        stage.append(AnyLayer(Activation.tanh))
      } else {
        stage.append(AnyLayer(InstanceNorm(outputs)))
        if up.count < Self.droppingStages { stage.append(AnyLayer(Dropout(dropout))) }
        stage.append(AnyLayer(Activation.relu))
      }
      up.append(stage)
    }
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let graph = x.graph
    var seen: [Tensor] = []
    var y = x
    for (index, stage) in down.enumerated() {
      y = graph.scoped("down") { graph.scoped("\(index)") { stage(y, mode: mode) } }
      seen.append(y)
    }
    seen.removeLast()
    for (index, stage) in up.enumerated() {
      if index > 0 { y = Tensor.concatenate([y, seen.removeLast()], axis: 1) }
      y = graph.scoped("up") { graph.scoped("\(index)") { stage(y, mode: mode) } }
    }
    return y
  }
}
