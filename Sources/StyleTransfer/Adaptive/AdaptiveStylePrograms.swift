import Experiments
import FeatureNetworks
import NeuralNetworks
import Randomness
import TensorEngine

/// A frozen encoder, adaptive instance normalization and the decoder that is trained (Huang and
/// Belongie 2017): what is drawn should have the features it was drawn from, and at several layers the
/// means and deviations of the style's.
///
/// Differs from the paper: distances are relative to the size of what is to be reached, so that weights
/// mean the same for every network; the encoder pads with zeros, as it was trained to,
/// and only the decoder mirrors its borders.
struct AdaptiveStylePrograms {
  let encoder: any FeatureNetwork
  let decoder: FeatureDecoder
  /// The encoder's layer.
  let layer: FeatureLayer
  private let configuration: AdaptiveStyleConfiguration

  /// What the encoder's states begin with: they never change.
  static let frozenPrefix = "features."

  /// - Parameter encoder: has the configuration's layers.
  init(
    _ configuration: AdaptiveStyleConfiguration, encoder: any FeatureNetwork, seed: UInt64
  ) {
    self.configuration = configuration
    self.encoder = encoder
    let stages = encoder.featureLayers
    let name = configuration.features.chosenContentLayers[0]
    guard let last = stages.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the encoder has no layer '\(name)'")
    }
    layer = stages[last]
    var random = RandomStream(seed: seed, name: "weights")
    decoder = FeatureDecoder(mirroring: Array(stages[...last]), random: &random)
  }

  /// Pixels beyond its own that a pixel of the result depends on, at most, but for statistics.
  var reach: Int { layer.reach + decoder.reach + layer.stride }

  /// The features of pictures at the encoder's layer, in a scope of its own.
  func encoded(_ pictures: Tensor) -> Tensor {
    pictures.graph.bind(encoder, as: "features").features(of: pictures, at: [layer.name])[0]
  }

  /// The picture of features.
  private func decoded(_ features: Tensor, by decoder: FeatureDecoder) -> Tensor {
    features.graph.scoped("decoder") { decoder(features, mode: .training) }
  }

  /// The losses of each pair, [N], without their weights, and what is drawn.
  private func traced(
    _ graph: Graph, decoder: FeatureDecoder
  ) -> (content: Tensor, style: Tensor, drawn: Tensor) {
    let (batch, size) = (configuration.batchSize, configuration.cropSize)
    let judge = graph.bind(encoder, as: "features")
    let contents = graph.pictures(batch, height: size, width: size)
    let styles = graph.input("styles", shape: [batch, 3, size, size], type: .byte).real() / 255
    let wanted = configuration.features.chosenStyleLayers
    let layers = wanted.filter { $0 != layer.name } + [layer.name]
    let styleFeatures = judge.features(of: styles, at: layers)
    let target = encoded(contents).adapted(
      to: ChannelStatistics(of: styleFeatures[layers.count - 1]))
    let drawn = decoded(target, by: decoder)
    let drawnFeatures = judge.features(of: drawn, at: layers)
    let content = drawnFeatures[layers.count - 1].relativeDistances(to: target)
    var style = graph.constant(0)
    for (name, share) in zip(wanted, configuration.features.chosenShares) {
      guard let place = layers.firstIndex(of: name) else { continue }
      let moments = [drawnFeatures, styleFeatures].map {
        MomentStatistics().target(of: $0[place], nil)
      }
      style = style + share * moments[0].relativeDistances(to: moments[1])
    }
    return (content, style, drawn)
  }

  /// One update; gives the losses' means, without their weights.
  func training() throws -> Program<Float> {
    let graph = Graph(streams: "training step")
    let decoder = graph.bind(AdaptiveStyleNetworks(decoder: decoder), as: "").decoder
    let traced = traced(graph, decoder: decoder)
    let (content, style) = (traced.content.mean(), traced.style.mean())
    let loss = configuration.contentWeight * content + configuration.styleWeight * style
    graph.minimize(loss, over: decoder.tensors(in: graph), with: configuration.optimizer)
    return try graph.compile(["loss": loss, "content": content, "style": style])
  }

  /// The losses of each pair, and the pictures.
  func evaluation() throws -> Program<Float> {
    let graph = Graph()
    let decoder = graph.bind(AdaptiveStyleNetworks(decoder: decoder), as: "").decoder
    let traced = traced(graph, decoder: decoder)
    return try graph.compile([
      "content": traced.content, "style": traced.style, "drawn": traced.drawn,
    ])
  }

  /// The features "features" of a picture "pictures".
  func encoding(height: Int, width: Int) throws -> Program<Float> {
    let graph = Graph()
    return try graph.compile([
      "features": encoded(graph.pictures(1, height: height, width: width))
    ])
  }

  /// A window "pictures" of a picture, drawn as "drawn" with the statistics "mean" and "deviation" in
  /// place of "ownMean" and "ownDeviation".
  ///
  /// - Parameter decoder: with the weights to draw by.
  func drawing(height: Int, width: Int, by decoder: FeatureDecoder) throws -> Program<Float> {
    let graph = Graph()
    let decoder = graph.bind(AdaptiveStyleNetworks(decoder: decoder), as: "").decoder
    func statistic(_ name: String) -> Tensor {
      graph.input(name, shape: [1, layer.channels, 1, 1])
    }
    let features = encoded(graph.pictures(1, height: height, width: width)).adapted(
      to: ChannelStatistics(mean: statistic("mean"), deviation: statistic("deviation")),
      from: ChannelStatistics(mean: statistic("ownMean"), deviation: statistic("ownDeviation")))
    return try graph.compile(["drawn": decoded(features, by: decoder)])
  }

  /// The layers of the decoder.
  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let networks = AdaptiveStyleNetworks(decoder: decoder)
    let size = configuration.cropSize / layer.stride
    let features = graph.input("features", shape: [1, layer.channels, size, size])
    _ = decoded(features, by: graph.bind(networks, as: "").decoder)
    return ExperimentDescription.layers(of: graph, networks)
  }
}

/// What is trained.
private struct AdaptiveStyleNetworks: Module {
  var decoder: FeatureDecoder

  static let fields: [Field<AdaptiveStyleNetworks>] = [.module("decoder", \.decoder)]
}
