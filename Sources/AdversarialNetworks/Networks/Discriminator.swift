import NeuralNetworks
import Randomness
import TensorEngine

/// From samples to scores [N]: how real each looks. With classes, also how well it fits its class; or
/// which class it is of, or which codes it was made from.
struct Discriminator: Module {
  /// To features [N, F].
  var body: [AnyLayer]
  /// To the score; none where the score is how well the sample is reconstructed.
  var head: [AnyLayer] = []
  /// From features to the sample again.
  var decoder: [Generator] = []
  /// The inner product with its class that is added to the score, if there is one.
  var projection: [AnyLayer] = []
  /// From a class to the plane, or number, that is laid beside the sample.
  var embedding: [AnyLayer] = []
  /// To the logits of the classes and the continuous codes, if it tells them.
  var teller: [AnyLayer] = []
  private let conditioning: Conditioning

  static let fields: [Field<Discriminator>] = [
    .module("body", \.body), .module("head", \.head), .module("decoder", \.decoder),
    .module("projection", \.projection), .module("embedding", \.embedding),
    .module("teller", \.teller),
  ]

  /// Units before the codes that are told (Chen et al., "InfoGAN", 2016, appendix C.1).
  private static let tellingUnits = 128

  /// - Parameters:
  ///   - sample: the shape of a sample.
  ///   - codeSize: where the score is to be how well the sample is reconstructed, from how many numbers.
  init(
    _ configuration: DiscriminatorConfiguration, conditioning: Conditioning, sample: Shape,
    codeSize: Int? = nil, random: inout RandomStream
  ) {
    self.conditioning = conditioning
    let builder = LayerBuilder(
      normalizesSpectrum: configuration.spectralNorm,
      initializer: configuration.layers.architecture == .conv ? .deepConvolutional : .glorotUniform)
    let classes = conditioning.classCount
    let added =
      switch conditioning.kind {
      case .concatenation: classes
      case .embedding: 1
      case .none, .projection, .auxiliary, .information: 0
      }
    let isImage = sample.rank == 3
    let seen: Shape =
      isImage ? [sample[0] + added, sample[1], sample[2]] : [sample.count + added]
    var width: Int
    switch configuration.layers.architecture {
    case .mlp:
      (body, width) = Self.dense(configuration.layers.hidden, seen, builder, &random)
    case .conv:
      (body, width) = Self.convolutions(
        configuration.layers.channels, normalizes: configuration.batchNorm, seen, builder, &random)
    case .residual:
      (body, width) = Self.residual(configuration.layers.channels, seen, builder, &random)
    }
    if configuration.dropout > 0 { body.append(AnyLayer(Dropout(configuration.dropout))) }
    if let codeSize {
      body.append(builder.dense(width, codeSize, .identity, &random))
      width = codeSize
      decoder = [
        Generator(configuration.layers, latentSize: codeSize, sample: sample, random: &random)
      ]
    } else {
      head = [builder.dense(width, 1, .identity, &random)]
    }
    switch conditioning.kind {
    case .none, .concatenation: break
    case .projection:
      projection = [builder.dense(classes, width, .identity, usesBias: false, &random)]
    case .embedding:
      let plane = isImage ? sample[1] * sample[2] : 1
      embedding = [builder.dense(classes, plane, .identity, usesBias: false, &random)]
    case .auxiliary: teller = [builder.dense(width, classes, .identity, &random)]
    case .information:
      teller = [
        builder.dense(width, Self.tellingUnits, .leakyReLU, &random),
        builder.dense(Self.tellingUnits, conditioning.width, .identity, &random),
      ]
    }
  }

  /// The scores of samples.
  ///
  /// - Parameter codes: what each is said to be, [N, width]; nil where nothing is said.
  func callAsFunction(
    _ samples: Tensor, codes: Tensor?, mode: Mode
  ) -> (scores: Tensor, told: Tensor?) {
    let graph = samples.graph
    return graph.scoped("discriminator") {
      var x = samples
      if let codes, conditioning.kind == .concatenation { x = x.joined(with: codes) }
      if let codes, conditioning.kind == .embedding {
        x = x.joined(withPlane: graph.scoped("embedding") { embedding(codes, mode: mode) })
      }
      let features = graph.scoped("body") { body(x, mode: mode) }
      var scores =
        decoder.first.map { -$0.error(of: samples, from: features, mode: mode) }
        ?? graph.scoped("head") { head(features, mode: mode) }
      if let codes, conditioning.kind == .projection {
        let direction = graph.scoped("projection") { projection(codes, mode: mode) }
        scores = scores + (direction * features).sum(axes: [1], keepsAxes: true)
      }
      let told =
        conditioning.isTold ? graph.scoped("teller") { teller(features, mode: mode) } : nil
      return (scores.flattened(from: 0), told)
    }
  }

  private static func dense(
    _ hidden: [Int], _ sample: Shape, _ builder: LayerBuilder,
    _ random: inout RandomStream
  ) -> ([AnyLayer], Int) {
    var layers: [AnyLayer] = sample.rank == 1 ? [] : [AnyLayer(Flatten())]
    for (inputs, outputs) in zip([sample.count] + hidden, hidden) {
      layers.append(builder.dense(inputs, outputs, .leakyReLU, &random))
    }
    return (layers, hidden.last ?? sample.count)
  }

  /// DCGAN's discriminator (Radford et al. 2016): convolutions that halve the image; batches are
  /// normalised after all but the first one, where `batchNorm` says so.
  private static func convolutions(
    _ channels: [Int], normalizes: Bool, _ sample: Shape, _ builder: LayerBuilder,
    _ random: inout RandomStream
  ) -> ([AnyLayer], Int) {
    var layers: [AnyLayer] = []
    for (inputs, outputs) in zip([sample[0]] + channels, channels) {
      let isNormalized = normalizes && !layers.isEmpty
      layers.append(
        builder.convolution(
          inputs, outputs, 4, .init(stride: 2, padding: 1), usesBias: !isNormalized, &random))
      if isNormalized { layers.append(AnyLayer(BatchNorm(outputs))) }
      layers.append(AnyLayer(Activation.leakyReLU))
    }
    layers.append(AnyLayer(Flatten()))
    let last = channels[channels.count - 1]
    return (
      layers, last * (sample[1] >> channels.count) * (sample[2] >> channels.count)
    )
  }

  /// Residual blocks that halve the image, then one that does not, summed over the places (Miyato et
  /// al. 2018, table 4).
  ///
  /// Differs from the paper: one block that does not halve instead of two, for smaller images.
  private static func residual(
    _ channels: [Int], _ sample: Shape, _ builder: LayerBuilder,
    _ random: inout RandomStream
  ) -> ([AnyLayer], Int) {
    let last = channels[channels.count - 1]
    var layers: [AnyLayer] = []
    for (inputs, outputs) in zip([sample[0]] + channels, channels + [last]) {
      let isLast = layers.count == channels.count
      layers.append(
        AnyLayer(
          ResidualBlock(
            inputs, outputs, isLast ? .none : .halve, usesNorms: false,
            beginsActive: !layers.isEmpty, random: &random
          ) { inputs, outputs, size, random in
            builder.convolution(inputs, outputs, size, .init(padding: size / 2), &random)
          }))
    }
    return (layers + [AnyLayer(Activation.relu), AnyLayer(SumOfPlaces())], last)
  }
}

/// Makes a discriminator's layers, with their spectrum normalised or not.
struct LayerBuilder {
  let normalizesSpectrum: Bool
  let initializer: Initializer

  func dense(
    _ inputs: Int, _ outputs: Int, _ activation: Activation, usesBias: Bool = true,
    _ random: inout RandomStream
  ) -> AnyLayer {
    finished(
      Dense(
        inputs, outputs, activation: activation, usesBias: usesBias, initializer: initializer,
        random: &random), &random)
  }

  func convolution(
    _ inputs: Int, _ outputs: Int, _ size: Int, _ geometry: ConvolutionGeometry,
    usesBias: Bool = true, _ random: inout RandomStream
  ) -> AnyLayer {
    finished(
      Conv2D(
        inputs, outputs, kernelSize: size, geometry, usesBias: usesBias, initializer: initializer,
        random: &random), &random)
  }

  private func finished(_ layer: some WeightedLayer, _ random: inout RandomStream) -> AnyLayer {
    normalizesSpectrum ? AnyLayer(SpectralNorm(layer, random: &random)) : AnyLayer(layer)
  }
}

/// The sum of each channel over the places of an image: [N, C, H, W] to [N, C].
struct SumOfPlaces: Layer {
  static var fields: [Field<SumOfPlaces>] { [] }
  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor { x.sum(axes: [2, 3]) }
}

extension Generator {
  /// The mean absolute difference [N, 1] of samples from what is made of their features.
  fileprivate func error(of samples: Tensor, from features: Tensor, mode: Mode) -> Tensor {
    let made = samples.graph.scoped("decoder") { self(features, codes: nil, mode: mode) }
    let axes = Array(1..<samples.rank)
    return (made - samples).abs().mean(axes: axes).reshaped(to: [samples.shape[0], 1])
  }
}

extension Tensor {
  /// Samples with a further number of a point, or a further channel of an image, given as [N, places].
  fileprivate func joined(withPlane plane: Tensor) -> Tensor {
    guard rank == 4 else { return Tensor.concatenate([self, plane], axis: 1) }
    let plane = plane.reshaped(to: [shape[0], 1, shape[2], shape[3]])
    return Tensor.concatenate([self, plane], axis: 1)
  }

  /// Samples with their classes: further numbers of a point, or further channels of an image.
  fileprivate func joined(with classes: Tensor) -> Tensor {
    guard rank == 4 else { return Tensor.concatenate([self, classes], axis: 1) }
    let planes = classes.reshaped(to: [shape[0], classes.shape[1], 1, 1])
      .broadcast(to: [shape[0], classes.shape[1], shape[2], shape[3]])
    return Tensor.concatenate([self, planes], axis: 1)
  }
}
