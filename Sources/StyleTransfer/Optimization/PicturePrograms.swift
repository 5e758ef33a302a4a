import Experiments
import FeatureNetworks
import NeuralNetworks
import TensorEngine

/// The programs of a picture that is optimised. States are named "features..." for the network,
/// "target..." for what is computed from content and styles, "picture.N" and "optimizer.N..." for
/// what changes.
struct PicturePrograms {
  let network: any FeatureNetwork
  let configuration: StyleConfiguration
  /// Extents of each style at each scale, [scale][style].
  var styleExtents: [[(width: Int, height: Int)]] = []
  /// The regions, where there are some.
  let regions: PictureRegions?

  var contentLayers: [String] { configuration.features.chosenContentLayers }
  var styleLayers: [String] { configuration.features.chosenStyleLayers }
  private var statistics: any StyleStatistics { configuration.statistics.statistics }
  /// Whether the content counts.
  var hasContent: Bool { !configuration.content.isEmpty && configuration.contentWeight > 0 }
  /// Whether the style counts.
  var hasStyle: Bool { !configuration.style.isEmpty && configuration.styleWeight > 0 }
  /// Regions of every style; one, without a shape, where there are none.
  private var regionCount: Int { regions?.count ?? 1 }

  /// The prefixes of states that files and pictures give.
  static func isDerived(_ state: String) -> Bool {
    state.hasPrefix("features.") || state.hasPrefix("target.")
  }

  /// The layers that are traced for a picture of a scale.
  func layers(_ scale: PictureScale) -> [ExperimentDescription.Layer] {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, scale.height, scale.width])
    _ = graph.bind(network, as: "").features(of: picture, at: contentLayers + styleLayers)
    return ExperimentDescription.layers(of: graph, network)
  }

  /// Fails unless every picture has features in all layers.
  ///
  /// - Throws: `.unsuitable`.
  func checkExtents(_ scales: [PictureScale], _ styles: [SourcePicture]) throws(RunError) {
    let strides = (contentLayers + styleLayers).compactMap {
      network.featureLayer(named: $0)?.stride
    }
    let least = max(strides.max() ?? 1, 3)
    for scale in scales {
      let extents =
        [("the picture", scale.width, scale.height)]
        + zip(styles, styleExtents[scale.index]).map { ($0.name, $1.width, $1.height) }
      for (name, width, height) in extents where min(width, height) < least {
        throw RunError(
          .unsuitable,
          "\(name) would be \(width)x\(height) pixels, too few for the layers of "
            + configuration.features.source.network.rawValue,
          hint: "it needs \(least) a side: raise size or styleScale, or give fewer scales")
      }
    }
  }

  // MARK: Names of targets

  private func contentTarget(_ scale: PictureScale, _ layer: String) -> String {
    "target.\(scale.index).content.\(layer)"
  }

  private func styleTarget(
    _ scale: PictureScale, style: Int, region: Int, _ layer: String
  ) -> String {
    "target.\(scale.index).style\(style).region\(region).\(layer)"
  }

  // MARK: Targets

  /// The content's features from an input "picture"; nil where they do not count. Outputs are named
  /// as the states that they go to.
  func contentTargets(_ scale: PictureScale) throws -> Program<Float>? {
    guard hasContent else { return nil }
    return try targets(scale.width, scale.height) { picture in
      let features = self.features(of: picture, at: contentLayers)
      return zip(contentLayers, features).map { (contentTarget(scale, $0), $1) }
    }
  }

  /// A style's statistics from an input "picture".
  func styleTargets(_ scale: PictureScale, style: Int) throws -> Program<Float> {
    let (width, height) = styleExtents[scale.index][style]
    return try targets(width, height) { tracedStyleTargets($0, scale, style: style) }
  }

  private func targets(
    _ width: Int, _ height: Int, _ trace: (Tensor) -> [(String, Tensor)]
  ) throws -> Program<Float> {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, height, width])
    return try graph.compile(
      Dictionary(trace(picture), uniquingKeysWith: { first, _ in first }))
  }

  private func tracedStyleTargets(
    _ picture: Tensor, _ scale: PictureScale, style: Int
  ) -> [(String, Tensor)] {
    zip(styleLayers, features(of: picture, at: styleLayers)).flatMap { layer, features in
      (0..<regionCount).map { region in
        let places = regions?.ofStyle.weights(region, at: features, "target.style.\(scale.index)")
        return (
          styleTarget(scale, style: style, region: region, layer),
          statistics.target(of: features, places)
        )
      }
    }
  }

  // MARK: Steps

  /// One step of Adam on the picture of a scale: gives the losses.
  func adamStep(_ scale: PictureScale) throws -> Program<Float> {
    let graph = Graph()
    let picture = picture(scale, in: graph)
    let losses = losses(of: picture, scale)
    graph.minimize(
      losses.total, over: [(name: scale.state, tensor: picture)], with: adam,
      name: optimizerName(scale))
    graph.update(picture, to: graph.latest(picture).clamped(low: 0, high: 1))
    return try graph.compile(losses.outputs)
  }

  /// The picture of a scale, a state.
  func picture(_ scale: PictureScale, in graph: Graph) -> Tensor {
    graph.state(
      scale.state,
      initial: TensorValue(repeating: 0, shape: [1, 3, scale.height, scale.width]))
  }

  /// The rule that changes the picture.
  var adam: Adam { Adam(learningRate: configuration.optimizer.learningRate) }

  /// The name of the rule's states.
  func optimizerName(_ scale: PictureScale) -> String { "optimizer.\(scale.index)" }

  /// The losses of an input "picture" at a scale, and where asked for the "gradient" by it.
  func losses(_ scale: PictureScale, withGradient: Bool) throws -> Program<Float> {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, scale.height, scale.width])
    let losses = losses(of: picture, scale)
    var outputs = losses.outputs
    if withGradient {
      outputs["gradient"] = graph.gradients(of: losses.total, withRespectTo: [picture])[0]
    }
    return try graph.compile(outputs)
  }

  /// What a picture is judged by.
  private struct Losses {
    let total: Tensor
    let outputs: [String: Tensor]
  }

  private func losses(of picture: Tensor, _ scale: PictureScale) -> Losses {
    let graph = picture.graph
    var outputs: [String: Tensor] = [:]
    var total = graph.constant(0)
    let layers = (hasContent ? contentLayers : []) + (hasStyle ? styleLayers : [])
    var names: [String] = []
    for layer in layers where !names.contains(layer) { names.append(layer) }
    let features = Dictionary(
      zip(names, self.features(of: picture, at: names)), uniquingKeysWith: { first, _ in first })
    func found(_ layer: String) -> Tensor {
      guard let features = features[layer] else { preconditionFailure("'\(layer)' is untraced") }
      return features
    }
    if hasContent {
      let terms = contentLayers.map { layer in
        let features = found(layer)
        let target = graph.state(
          contentTarget(scale, layer), initial: TensorValue(repeating: 0, shape: features.shape))
        return PictureLosses.content(features, target)
      }
      let content = terms.dropFirst().reduce(terms[0]) { $0 + $1 } / Double(terms.count)
      outputs["content"] = content
      total = total + configuration.contentWeight * content
    }
    if hasStyle {
      let style = styleDistance(found, scale, in: graph)
      outputs["style"] = style
      total = total + configuration.styleWeight * style
    }
    if configuration.variationWeight > 0 {
      let variation = PictureLosses.variation(picture)
      outputs["variation"] = variation
      total = total + configuration.variationWeight * variation
    }
    outputs["loss"] = total
    return Losses(total: total, outputs: outputs)
  }

  /// The distances from all styles in all layers and regions, weighted by their shares.
  private func styleDistance(
    _ features: (String) -> Tensor, _ scale: PictureScale, in graph: Graph
  ) -> Tensor {
    var sum = graph.constant(0)
    for (style, styleShare) in configuration.shares.enumerated() where styleShare > 0 {
      let shapes = targetShapes(scale, style: style)
      for (layer, layerShare) in zip(styleLayers, configuration.features.chosenShares)
      where layerShare > 0 {
        for region in 0..<regionCount {
          let name = styleTarget(scale, style: style, region: region, layer)
          let target = graph.state(
            name, initial: TensorValue(repeating: 0, shape: shapes[name] ?? []))
          let features = features(layer)
          let places = regions?.ofContent.weights(
            region, at: features, "target.content.\(scale.index)")
          let share = styleShare * layerShare * (regions?.shares[region] ?? 1)
          sum = sum + share * statistics.distance(from: features, places, to: target)
        }
      }
    }
    return sum
  }

  /// The shapes of a style's targets.
  private func targetShapes(_ scale: PictureScale, style: Int) -> [String: Shape] {
    let (width, height) = styleExtents[scale.index][style]
    let picture = Graph().input("picture", shape: [1, 3, height, width])
    return Dictionary(
      tracedStyleTargets(picture, scale, style: style).map { ($0, $1.shape) },
      uniquingKeysWith: { first, _ in first })
  }

  func features(of picture: Tensor, at layers: [String]) -> [Tensor] {
    let bound = picture.graph.bind(network, as: "features")
    let features = bound.features(of: picture, at: layers)
    return configuration.features.isSmoothed ? features.map(PictureLosses.smoothed) : features
  }
}
