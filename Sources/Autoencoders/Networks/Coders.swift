import NeuralNetworks
import Randomness
import TensorEngine

/// The kinds of network that every model is made of.
public enum Architecture: String, CaseIterable, Sendable {
  /// Dense layers of `hidden` units.
  case mlp
  /// Convolutions of `channels`, then dense layers of `hidden` units.
  case conv
  /// Residual blocks of `channels`, then dense layers of `hidden` units.
  case residual
}

/// Makes the layers of encoders and decoders; a decoder mirrors its encoder.
struct Coders {
  let architecture: Architecture
  let hidden: [Int]
  /// Of each halving; none without convolutions.
  let channels: [Int]
  /// [C, H, W]; H and W halve as often as there are channels.
  let image: Shape
  /// Whether batches are normalised before each activation.
  let normalizes: Bool

  private static let halving = ConvolutionGeometry(stride: 2, padding: 1)

  init(_ configuration: AutoencoderConfiguration, image: Shape) {
    architecture = configuration.architecture
    hidden = configuration.hidden
    channels = architecture == .mlp ? [] : configuration.channels
    self.image = image
    normalizes = configuration.batchNorm
  }

  /// The shape of an image after the convolutions.
  var innermost: Shape {
    let reduction = 1 << channels.count
    return [channels.last ?? image[0], image[1] / reduction, image[2] / reduction]
  }

  /// From images to `innermost`; residual blocks have activations of their own.
  func halvings(
    activation: Activation = .relu, _ random: inout RandomStream
  ) -> [AnyLayer] {
    var layers: [AnyLayer] = []
    for (inputs, outputs) in zip([image[0]] + channels, channels) {
      if architecture == .residual {
        layers.append(
          AnyLayer(block(inputs, outputs, .halve, beginsActive: !layers.isEmpty, &random)))
      } else {
        layers += activated(outputs, by: activation) { activation in
          AnyLayer(
            Conv2D(
              inputs, outputs, kernelSize: 4, Self.halving, activation: activation,
              usesBias: !normalizes, initializer: .heNormal, random: &random))
        }
      }
    }
    return architecture == .residual ? layers + afterBlocks(channels.last ?? image[0]) : layers
  }

  /// From `innermost` to the outputs of a decoder, [N, C, H, W].
  func doublings(_ random: inout RandomStream) -> [AnyLayer] {
    let widths = Array(channels.reversed())
    var layers: [AnyLayer] = []
    if architecture == .residual {
      for (inputs, outputs) in zip(widths, widths.dropFirst() + [channels[0]]) {
        layers.append(AnyLayer(block(inputs, outputs, .double, beginsActive: true, &random)))
      }
      let last = AnyLayer(
        Conv2D(channels[0], image[0], kernelSize: 3, .init(padding: 1), random: &random))
      return layers + afterBlocks(channels[0]) + [last]
    }
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      layers += activated(outputs) { activation in
        AnyLayer(
          ConvTranspose2D(
            inputs, outputs, kernelSize: 4, Self.halving, activation: activation,
            usesBias: !normalizes, initializer: .heNormal, random: &random))
      }
    }
    return layers + [
      AnyLayer(
        ConvTranspose2D(channels[0], image[0], kernelSize: 4, Self.halving, random: &random))
    ]
  }

  /// From images to features [N, width].
  func encoder(_ random: inout RandomStream) -> (layers: [AnyLayer], width: Int) {
    let widths = [innermost.count] + hidden
    let layers = halvings(&random) + [AnyLayer(Flatten())] + dense(widths, &random)
    return (layers, widths[widths.count - 1])
  }

  /// From latent points [N, inputs] to a number for each pixel.
  func decoder(from inputs: Int, _ random: inout RandomStream) -> [AnyLayer] {
    let layers = dense([inputs] + hidden.reversed(), &random)
    let last = hidden.first ?? inputs
    guard architecture != .mlp else {
      return layers + [AnyLayer(Dense(last, image.count, random: &random))]
    }
    return layers + dense([last, innermost.count], &random)
      + [AnyLayer(Reshape(innermost))] + doublings(&random)
  }

  /// Dense layers between the given widths.
  func dense(
    _ widths: [Int], activation: Activation = .relu, _ random: inout RandomStream
  ) -> [AnyLayer] {
    zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
      activated(outputs, by: activation) { activation in
        AnyLayer(
          Dense(
            inputs, outputs, activation: activation, usesBias: !normalizes, initializer: .heNormal,
            random: &random))
      }
    }
  }

  /// A layer of `width` channels and its activation, between them the norm where batches are normalised.
  private func activated(
    _ width: Int, by activation: Activation = .relu, _ layer: (Activation) -> AnyLayer
  ) -> [AnyLayer] {
    normalizes
      ? [layer(.identity), AnyLayer(BatchNorm(width)), AnyLayer(activation)] : [layer(activation)]
  }

  /// What follows the last of several residual blocks.
  private func afterBlocks(_ channels: Int) -> [AnyLayer] {
    (normalizes ? [AnyLayer(BatchNorm(channels))] : []) + [AnyLayer(Activation.relu)]
  }

  private func block(
    _ inputs: Int, _ outputs: Int, _ resizing: ResidualBlock.Resizing, beginsActive: Bool,
    _ random: inout RandomStream
  ) -> ResidualBlock {
    ResidualBlock(
      inputs, outputs, resizing, usesNorms: normalizes, beginsActive: beginsActive, random: &random
    ) { inputs, outputs, size, random in
      AnyLayer(
        Conv2D(inputs, outputs, kernelSize: size, .init(padding: size / 2), random: &random))
    }
  }
}
