import NeuralNetworks
import Randomness
import TensorEngine

/// The generator of CycleGAN: a convolution of 7x7, others that halve the image, residual blocks,
/// transposed ones that double it again, and one of 7x7 (Johnson, Alahi and Fei-Fei, "Perceptual
/// losses for real-time style transfer", 2016; Zhu et al. 2017, appendix 7.2).
///
/// Differs from the paper: the norms scale and shift by learnt numbers.
struct ResidualTranslator: Layer {
  var layers: [AnyLayer]

  static let fields: [Field<ResidualTranslator>] = [.module("layers", \.layers)]

  /// Pixels mirrored at each side before a window of 7x7.
  static let border = 3

  /// - Parameters:
  ///   - image: the channels of an image, in and out.
  ///   - channels: from the image inwards; each but the first halves the image.
  ///   - blocks: how many residual blocks there are.
  init(image: Int, channels: [Int], blocks: Int, random: inout RandomStream) {
    let builder = LayerBuilder(normalizesSpectrum: false, initializer: .deepConvolutional)
    func normalized(_ outputs: Int) -> [AnyLayer] {
      [AnyLayer(InstanceNorm(outputs)), AnyLayer(Activation.relu)]
    }
    let first = channels[0]
    layers = [
      AnyLayer(ReflectionPad2D(Self.border)),
      builder.convolution(image, first, 7, .init(), usesBias: false, &random),
    ]
    layers += normalized(first)
    for (inputs, outputs) in zip(channels, channels.dropFirst()) {
      layers.append(
        builder.convolution(
          inputs, outputs, 3, .init(stride: 2, padding: 1), usesBias: false, &random))
      layers += normalized(outputs)
    }
    for _ in 0..<blocks {
      layers.append(AnyLayer(MirroredBlock(channels[channels.count - 1], builder, &random)))
    }
    let widths = channels.reversed()
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      layers.append(
        AnyLayer(
          ConvTranspose2D(
            inputs, outputs, kernelSize: 3, .init(stride: 2, padding: 1), outputPadding: 1,
            usesBias: false, initializer: .deepConvolutional, random: &random)))
      layers += normalized(outputs)
    }
    layers += [
      AnyLayer(ReflectionPad2D(Self.border)),
      builder.convolution(first, image, 7, .init(), &random),
      AnyLayer(Activation.tanh),
    ]
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.graph.scoped("layers") { layers(x, mode: mode) }
  }
}

/// Two convolutions of 3x3 of an image mirrored at its borders, added to it.
private struct MirroredBlock: Layer {
  var layers: [AnyLayer]

  static let fields: [Field<MirroredBlock>] = [.module("layers", \.layers)]

  init(_ channels: Int, _ builder: LayerBuilder, _ random: inout RandomStream) {
    layers = []
    for isLast in [false, true] {
      layers += [
        AnyLayer(ReflectionPad2D(1)),
        builder.convolution(channels, channels, 3, .init(), usesBias: false, &random),
        AnyLayer(InstanceNorm(channels)),
      ]
      if !isLast { layers.append(AnyLayer(Activation.relu)) }
    }
  }

  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x + x.graph.scoped("layers") { layers(x, mode: mode) }
  }
}
