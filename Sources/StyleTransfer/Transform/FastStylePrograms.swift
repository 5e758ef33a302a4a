import Experiments
import FeatureNetworks
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// The network that draws, and the one that judges what is drawn (Johnson, Alahi and Fei-Fei 2016):
/// features of the drawn picture should be the content's, their Gram matrices the style's, and
/// neighbouring pixels alike.
///
/// Differs from the paper: distances are relative to the size of what is to be reached, so that weights
/// mean the same for every network; the differences of neighbours are means of squares.
struct FastStylePrograms {
  let network: TransformNetwork
  let features: any FeatureNetwork
  private let configuration: FastStyleConfiguration
  /// The Gram matrices of all styles at each style layer, [styles, channels, channels].
  private let grams: [TensorValue<Float>]

  /// What the states of the network that judges begin with: they never change.
  static let frozenPrefix = "features."

  /// Measures the styles' pictures.
  init(
    _ configuration: FastStyleConfiguration, features: any FeatureNetwork, styles: [SourcePicture],
    in context: RunContext
  ) throws {
    self.configuration = configuration
    self.features = features
    var random = RandomStream(seed: context.seed, name: "weights")
    network = TransformNetwork(
      channels: configuration.transform.channels, blocks: configuration.transform.blocks,
      styles: configuration.styles.count, random: &random)
    var grams: [[Float]] = configuration.features.chosenStyleLayers.map { _ in [] }
    var widths: [Int] = []
    for style in styles {
      let picture = try style.fitted(to: configuration.styleSize)
      let graph = Graph()
      let measured = graph.bind(features, as: "features")
        .features(
          of: graph.pictures(1, height: picture.height, width: picture.width),
          at: configuration.features.chosenStyleLayers
        )
        .map { Self.prepared($0, configuration).gramMatrix }
      let program = try context.load(
        [("style", try graph.compile(graph.numbered("gram", measured)))],
        into: Workspace(threads: context.threads, seed: context.seed))[0]
      program.set("pictures", to: picture.planarPixels)
      program.run(step: 0)
      for place in grams.indices { grams[place] += program["gram\(place)"].scalars }
      widths = measured.map { $0.shape[1] }
    }
    self.grams = zip(grams, widths).map { scalars, width in
      TensorValue(shape: [styles.count, width, width], scalars: scalars)
    }
  }

  /// The crops of one step, [N, 3, size, size] in 0 ... 1, what each style counts for, and what is
  /// drawn of them.
  private struct Drawing {
    let crops: Tensor
    let styles: Tensor
    let drawn: Tensor
    let network: TransformNetwork
  }

  private func drawing(_ graph: Graph) -> Drawing {
    let (batch, size) = (configuration.batchSize, configuration.cropSize)
    let bound = graph.bind(FastStyleNetworks(transform: network), as: "").transform
    let crops = graph.input("pictures", shape: [batch, 3, size, size], type: .byte).real() / 255
    let styles = graph.input("styles", shape: [batch, network.styles])
    let drawn = graph.scoped("transform") { bound.picture(of: crops, styles: styles) }
    return Drawing(crops: crops, styles: styles, drawn: drawn, network: bound)
  }

  /// The losses of each picture, [N], without their weights.
  private func losses(_ drawing: Drawing) -> (content: Tensor, style: Tensor, variation: Tensor) {
    let graph = drawing.drawn.graph
    let judge = graph.bind(features, as: "features")
    let contentLayers = configuration.features.chosenContentLayers
    let styleLayers = configuration.features.chosenStyleLayers
    let layers = styleLayers + contentLayers.filter { !styleLayers.contains($0) }
    let found = Dictionary(
      uniqueKeysWithValues: zip(
        layers,
        judge.features(of: drawing.drawn, at: layers).map { Self.prepared($0, configuration) }))
    let targets = judge.features(of: drawing.crops, at: contentLayers).map {
      Self.prepared($0, configuration)
    }
    var content = graph.constant(0)
    for (layer, target) in zip(contentLayers, targets) {
      guard let features = found[layer] else { continue }
      content = content + features.relativeDistances(to: target) / Double(contentLayers.count)
    }
    var style = graph.constant(0)
    for (place, layer) in styleLayers.enumerated() {
      guard let features = found[layer] else { continue }
      let all = graph.state(Self.frozenPrefix + "gram\(place)", initial: grams[place])
      let width = grams[place].shape[1]
      let target = drawing.styles.matmul(all.reshaped(to: [network.styles, width * width]))
        .reshaped(to: [drawing.styles.shape[0], width, width])
      style =
        style
        + configuration.features.chosenShares[place]
        * features.gramMatrix.relativeDistances(to: target)
    }
    return (content, style, drawing.drawn.neighbourDifferences)
  }

  /// Features as they are compared.
  private static func prepared(
    _ features: Tensor, _ configuration: FastStyleConfiguration
  ) -> Tensor {
    configuration.features.isSmoothed ? PictureLosses.smoothed(features) : features
  }

  /// One update; gives the losses' means, without their weights.
  func training() throws -> Program<Float> {
    let graph = Graph(streams: "training step")
    let drawing = drawing(graph)
    let losses = losses(drawing)
    let (content, style, variation) = (
      losses.content.mean(), losses.style.mean(), losses.variation.mean()
    )
    let loss =
      configuration.contentWeight * content + configuration.styleWeight * style
      + configuration.variationWeight * variation
    graph.minimize(
      loss, over: drawing.network.tensors(in: graph), with: configuration.optimizer)
    return try graph.compile([
      "loss": loss, "content": content, "style": style, "variation": variation,
    ])
  }

  /// The losses of each picture, and the pictures.
  func evaluation() throws -> Program<Float> {
    let graph = Graph()
    let drawing = drawing(graph)
    let losses = losses(drawing)
    return try graph.compile([
      "content": losses.content, "style": losses.style, "variation": losses.variation,
      "drawn": drawing.drawn,
    ])
  }

  /// The layers of the network that draws.
  func layers() -> [ExperimentDescription.Layer] {
    let graph = Graph()
    _ = drawing(graph)
    return ExperimentDescription.layers(of: graph, FastStyleNetworks(transform: network))
  }
}

/// What is trained.
struct FastStyleNetworks: Module {
  var transform: TransformNetwork

  static let fields: [Field<FastStyleNetworks>] = [.module("transform", \.transform)]
}
