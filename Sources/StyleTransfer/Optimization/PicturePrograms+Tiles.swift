import FeatureNetworks
import NeuralNetworks
import TensorEngine

/// The programs of a picture that is looked at by tiles. Each tile is a window of the picture that
/// reaches so far beyond its core that the core's features are those of the whole picture; "core..."
/// inputs are 1 in the core and 0 around it, one for each stride of the layers.
extension PicturePrograms {
  /// The layers that are compared, without repetition.
  private var comparedLayers: [FeatureLayer] {
    var found: [FeatureLayer] = []
    for name in (hasContent ? contentLayers : []) + (hasStyle ? styleLayers : []) {
      guard let layer = network.featureLayer(named: name), !found.contains(layer) else { continue }
      found.append(layer)
    }
    return found
  }

  /// Pictures, windows and cores are multiples of this.
  var alignment: Int { comparedLayers.map(\.stride).max() ?? 1 }

  /// Pixels of a window around its core, at least.
  var margin: Int {
    let reach = comparedLayers.map(\.reach).max() ?? 0
    return (reach + alignment - 1) / alignment * alignment
  }

  /// The strides of the layers, which have a core each.
  var strides: [Int] { Set(comparedLayers.map(\.stride)).sorted() }

  private func core(_ stride: Int, _ grid: TileGrid, in graph: Graph) -> Tensor {
    graph.input("core\(stride)", shape: [1, 1, grid.height / stride, grid.width / stride])
  }

  private func stride(_ layer: String) -> Int { network.featureLayer(named: layer)?.stride ?? 1 }

  /// What a window "picture" adds to the Gram matrices of its picture, of which it is a tile of
  /// `grid`: outputs are named as the layers.
  func tileGrams(_ grid: TileGrid) throws -> Program<Float> {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, grid.height, grid.width])
    let features = features(of: picture, at: styleLayers)
    let grams = zip(styleLayers, features).map { layer, features in
      (layer, partialGram(features, grid, stride(layer)))
    }
    return try graph.compile(Dictionary(grams, uniquingKeysWith: { first, _ in first }))
  }

  private func partialGram(_ features: Tensor, _ grid: TileGrid, _ stride: Int) -> Tensor {
    let graph = features.graph
    let places = grid.pictureWidth / stride * (grid.pictureHeight / stride)
    let flat = features.flattened(from: 2)
    let inCore = flat * core(stride, grid, in: graph).flattened(from: 2)
    return inCore.matmul(flat.transposed()) / Double(features.shape[1] * places)
  }

  /// The squared size of the content's features in the core of a window "content", by layers.
  func tileContentSizes(_ grid: TileGrid) throws -> Program<Float> {
    let graph = Graph()
    let content = graph.input("content", shape: [1, 3, grid.height, grid.width])
    let sizes = zip(contentLayers, features(of: content, at: contentLayers)).map {
      layer, features in
      (layer, (features.square() * core(stride(layer), grid, in: graph)).sum())
    }
    return try graph.compile(Dictionary(sizes, uniquingKeysWith: { first, _ in first }))
  }

  /// The "gradient" by a window "picture" of the weighted losses in its core, and its part of the
  /// "content" loss. "cotangent.LAYER" is the gradient of the style's loss by a Gram matrix,
  /// "size.LAYER" the squared size of the content's features in the whole picture.
  func tileGradient(_ grid: TileGrid) throws -> Program<Float> {
    let graph = Graph()
    let shape: Shape = [1, 3, grid.height, grid.width]
    let picture = graph.input("picture", shape: shape)
    let layers = comparedLayers.map(\.name)
    let found = Dictionary(
      zip(layers, features(of: picture, at: layers)), uniquingKeysWith: { first, _ in first })
    var total = graph.constant(0)
    var outputs: [String: Tensor] = [:]
    if hasContent {
      let content = graph.input("content", shape: shape)
      var sum = graph.constant(0)
      for (layer, target) in zip(contentLayers, features(of: content, at: contentLayers)) {
        guard let features = found[layer] else { continue }
        let difference =
          (features - target.stopGradient()).square() * core(stride(layer), grid, in: graph)
        sum = sum + difference.sum() / graph.input("size.\(layer)", shape: [])
      }
      let contentLoss = sum / Double(contentLayers.count)
      outputs["content"] = contentLoss
      total = total + configuration.contentWeight * contentLoss
    }
    if hasStyle {
      for layer in styleLayers {
        guard let features = found[layer] else { continue }
        let gram = partialGram(features, grid, stride(layer))
        total = total + (gram * graph.input("cotangent.\(layer)", shape: gram.shape)).sum()
      }
    }
    outputs["gradient"] = graph.gradients(of: total, withRespectTo: [picture])[0]
    return try graph.compile(outputs)
  }

  /// The "variation" of an input "picture" as a whole, and its weighted "gradient".
  func variation(_ scale: PictureScale) throws -> Program<Float> {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, scale.height, scale.width])
    let variation = PictureLosses.variation(picture)
    let gradient = graph.gradients(
      of: configuration.variationWeight * variation, withRespectTo: [picture])[0]
    return try graph.compile(["variation": variation, "gradient": gradient])
  }

  /// One step of Adam on the picture of a scale by an input "gradient".
  func adamUpdate(_ scale: PictureScale) throws -> Program<Float> {
    let graph = Graph()
    let picture = picture(scale, in: graph)
    let gradient = graph.input("gradient", shape: picture.shape)
    graph.update(
      [(name: scale.state, tensor: picture)], by: adam, gradients: [gradient],
      name: optimizerName(scale))
    graph.update(picture, to: graph.latest(picture).clamped(low: 0, high: 1))
    return try graph.compile([:])
  }
}

extension PicturePrograms {
  /// How a picture is cut: into one tile where it is small enough, or is to be looked at as a whole.
  func grid(width: Int, height: Int) -> TileGrid {
    let core = (configuration.tile + alignment - 1) / alignment * alignment
    return TileGrid(
      pictureWidth: width, pictureHeight: height, core: core > 0 ? core : nil, margin: margin)
  }
}
