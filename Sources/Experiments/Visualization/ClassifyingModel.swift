import Imaging
import NeuralNetworks
import TensorEngine

/// A trained classifier of images whose network can be looked into: what `atelier visualize` needs.
/// What is computed of it is traced when it is asked for.
public protocol ClassifyingModel: FeatureModel, TestImageModel {
  /// Where the network's states are.
  var workspace: Workspace<Float> { get }
  /// What an image is, [C, H, W].
  var imageShape: Shape { get }
  /// Traces the network as it is used, its layers under their paths.
  ///
  /// - Parameter images: [N, C, H, W] in 0 ... 1, as large as the test set's.
  /// - Returns: [N, classes].
  func logits(of images: Tensor) -> Tensor
}

/// A network traced once more, for a look into it.
struct NetworkView {
  let graph: Graph
  /// The input "images", [N, C, H, W] in 0 ... 1.
  let images: Tensor
  /// [N, classes]
  let logits: Tensor

  init(_ model: some ClassifyingModel, batch: Int) {
    graph = Graph()
    images = graph.input("images", shape: Shape([batch] + model.imageShape.dimensions))
    logits = model.logits(of: images)
  }

  /// What a layer gives, with the batch.
  func result(of layer: VisibleLayer) -> Tensor {
    guard let traced = graph.layers.last(where: { $0.path == layer.path }) else {
      preconditionFailure("no layer \(layer.path)")
    }
    return graph.result(of: traced)
  }

  /// Of each image's logits the sum weighted by the input "classes", [N, classes], as one number.
  var chosenLogits: Tensor {
    let classes = graph.input("classes", shape: logits.shape)
    return (classes * logits).sum()
  }
}

/// A layer that gives channels of pixels or units.
public struct VisibleLayer: Sendable, Hashable {
  /// Where it sits, such as `body.3`.
  public let path: String
  /// What it is, such as `Conv2D`.
  public let kind: String
  /// [channels, height, width] or [units].
  public let shape: [Int]

  /// How many channels or units it has.
  public var channels: Int { shape[0] }
  /// Whether its channels have pixels.
  public var hasPixels: Bool { shape.count == 3 }
  var isConvolution: Bool { hasPixels && kind.contains("Conv") }
  fileprivate var isNormalization: Bool { kind.hasSuffix("Norm") }
  fileprivate var isActivation: Bool { Activation(rawValue: kind) != nil }
}

extension ClassifyingModel {
  /// The layers that can be looked at, from input to output.
  public var visibleLayers: [VisibleLayer] {
    NetworkView(self, batch: 1).graph.innermostLayers
      .map {
        VisibleLayer(
          path: $0.path, kind: $0.kind, shape: Array($0.outputShape.dimensions.dropFirst()))
      }
      .filter { [1, 3].contains($0.shape.count) && !$0.shape.contains(0) }
  }

  /// What each convolution gives, after the normalisation and the activation that follow it.
  public var activatedConvolutions: [VisibleLayer] {
    convolutions { $0.isNormalization || $0.isActivation }
  }

  /// What each convolution gives after its normalisation, before an activation cuts it off.
  public var normalizedConvolutions: [VisibleLayer] { convolutions(followedBy: \.isNormalization) }

  private func convolutions(followedBy follows: (VisibleLayer) -> Bool) -> [VisibleLayer] {
    let layers = visibleLayers
    return layers.indices.filter { layers[$0].isConvolution }.map { place in
      let rest = layers[(place + 1)...].prefix { $0.shape == layers[place].shape && follows($0) }
      return rest.last ?? layers[place]
    }
  }

  /// Compiles results of a view and loads them beside the programs there are.
  ///
  /// - Throws: `.unsuitable` when there is no memory for them.
  func load(_ results: [String: Tensor], of view: NetworkView) throws -> LoadedProgram<Float> {
    let program = try view.graph.compile(results)
    let need = MemoryForecast([program], threads: workspace.threads).total
    if let limit = MemoryLimit.tightest(threads: workspace.threads), need > limit.available {
      throw RunError(
        .unsuitable,
        "the look needs \(Quantity.bytes(need)) of memory, but \(limit.name) has "
          + "\(Quantity.bytes(limit.available)) left for it", hint: "look at fewer images at once")
    }
    return workspace.load(program, named: "visualization")
  }

  /// The probabilities of the classes of images, [images][classes].
  public mutating func probabilities(of images: [Image]) throws -> [[Float]] {
    let seen = try features(of: images)
    return (0..<seen.count).map { image in
      Array(seen.probabilities[image * seen.classes..<(image + 1) * seen.classes])
    }
  }
}

extension Image {
  /// The samples laid out [channels, height, width], in 0 ... 1.
  var planarShares: [Float] { planarPixels.map { Float($0) / 255 } }
}

extension Array where Element == Int {
  /// A row for each place: 1 there, 0 elsewhere.
  func oneHot(_ width: Int) -> [Float] {
    flatMap { place in (0..<width).map { $0 == place ? 1 : 0 } }
  }
}
