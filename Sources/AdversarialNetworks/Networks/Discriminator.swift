import NeuralNetworks
import Randomness
import TensorEngine

/// From samples to scores [N]: how real each looks. With classes, also how well it fits its class,
/// or which class it is of.
struct Discriminator: Module {
  /// To features [N, F].
  var body: [AnyLayer]
  /// To the score.
  var head: AnyLayer
  /// The inner product with its class that is added to the score, if there is one.
  var projection: [AnyLayer] = []
  /// To the logits of the classes, if it tells them.
  var classifier: [AnyLayer] = []
  private let condition: ConditionKind

  static let fields: [Field<Discriminator>] = [
    .module("body", \.body), .module("head", \.head), .module("projection", \.projection),
    .module("classifier", \.classifier),
  ]

  /// - Parameters:
  ///   - sample: the shape of a sample.
  ///   - classes: how many classes there are.
  init(
    _ configuration: DiscriminatorConfiguration, condition: ConditionKind, sample: Shape,
    classes: Int,
    random: inout RandomStream
  ) {
    self.condition = condition
    let builder = LayerBuilder(
      normalizesSpectrum: configuration.spectralNorm,
      initializer: configuration.layers.architecture == .conv ? .deepConvolutional : .glorotUniform)
    let added = condition == .concatenation ? classes : 0
    let isImage = sample.rank == 3
    let seen: Shape =
      isImage ? [sample[0] + added, sample[1], sample[2]] : [sample.count + added]
    let width: Int
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
    head = builder.dense(width, 1, .identity, &random)
    if condition == .projection {
      projection = [builder.dense(classes, width, .identity, usesBias: false, &random)]
    }
    if condition == .auxiliary {
      classifier = [builder.dense(width, classes, .identity, &random)]
    }
  }

  /// The scores of samples.
  ///
  /// - Parameter classes: what each is said to be, one-hot [N, classes].
  func callAsFunction(
    _ samples: Tensor, classes: Tensor?, mode: Mode
  ) -> (scores: Tensor, classLogits: Tensor?) {
    let graph = samples.graph
    return graph.scoped("discriminator") {
      var x = samples
      if condition == .concatenation, let classes { x = x.joined(with: classes) }
      let features = graph.scoped("body") { body(x, mode: mode) }
      var scores = graph.layer("head", kind: head.kind) { head(features, mode: mode) }
      if condition == .projection, let classes {
        let direction = graph.scoped("projection") { projection(classes, mode: mode) }
        scores = scores + (direction * features).sum(axes: [1], keepsAxes: true)
      }
      let logits =
        condition == .auxiliary
        ? graph.scoped("classifier") { classifier(features, mode: mode) } : nil
      return (scores.flattened(from: 0), logits)
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

extension Tensor {
  /// Samples with their classes: further numbers of a point, or further channels of an image.
  fileprivate func joined(with classes: Tensor) -> Tensor {
    guard rank == 4 else { return Tensor.concatenate([self, classes], axis: 1) }
    let planes = classes.reshaped(to: [shape[0], classes.shape[1], 1, 1])
      .broadcast(to: [shape[0], classes.shape[1], shape[2], shape[3]])
    return Tensor.concatenate([self, planes], axis: 1)
  }
}
