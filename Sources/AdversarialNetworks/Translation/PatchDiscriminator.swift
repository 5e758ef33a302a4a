import NeuralNetworks
import Randomness
import TensorEngine

/// From images to scores of their patches, [N, 1, h, w]: how real each part of an image looks, by
/// itself (Isola et al. 2017, section 6.1.2). Convolutions of 4x4, all but the last two of stride 2.
///
/// Differs from the paper: images are normalised one by one, as CycleGAN has it, by norms that scale
/// and shift.
struct PatchDiscriminator: Layer {
  var layers: [AnyLayer] = []

  static let fields: [Field<PatchDiscriminator>] = [.module("layers", \.layers)]

  /// The least height and width that the last two convolutions take.
  static let leastExtent = 3

  /// - Parameters:
  ///   - inputs: the channels of what it sees.
  ///   - channels: from the image inwards; each but the last halves the image.
  init(inputs: Int, channels: [Int], random: inout RandomStream) {
    let builder = LayerBuilder(normalizesSpectrum: false, initializer: .deepConvolutional)
    for (stage, (inputs, outputs)) in zip([inputs] + channels, channels).enumerated() {
      let isLast = stage == channels.count - 1
      layers.append(
        builder.convolution(
          inputs, outputs, 4, .init(stride: isLast ? 1 : 2, padding: 1), usesBias: stage == 0,
          &random))
      if stage > 0 { layers.append(AnyLayer(InstanceNorm(outputs))) }
      layers.append(AnyLayer(Activation.leakyReLU))
    }
    layers.append(
      builder.convolution(channels[channels.count - 1], 1, 4, .init(padding: 1), &random))
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.graph.scoped("layers") { layers(x, mode: mode) }
  }
}
