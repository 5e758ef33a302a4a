import NeuralNetworks
import TensorEngine

/// What a network does to an image, step by step: layers under the names of their parameters,
/// branches and where they are merged, and which steps can be asked for their features.
public struct NetworkSteps: Sendable {
  /// A layer, and the path of its parameters.
  struct Part: Sendable {
    let path: String
    var layer: AnyLayer

    /// Applies the layer as it is used after training.
    func callAsFunction(_ x: Tensor) -> Tensor {
      x.graph.layer(path, kind: layer.kind) { layer(x, mode: .inference) }
    }
  }

  /// One step.
  enum Action: Sendable {
    /// Applies a layer.
    case apply(Part)
    /// Keeps what there is for the next merge.
    case branch
    /// Adds what was kept, after some layers.
    case merge([Part])
  }

  /// A step, and the name under which its features can be asked for.
  struct Step: Sendable {
    var action: Action
    var feature: FeatureLayer?
  }

  /// How the network takes colours.
  let colours: ColourScale
  /// The steps whose features can be asked for, and those between them.
  var trunk: [Step] = []
  /// From the last features to logits; nil without a classifier.
  var classifier: [Part]?

  /// The steps that have names.
  var featureLayers: [FeatureLayer] { trunk.compactMap(\.feature) }

  /// Visits every parameter and running statistic, in order.
  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    func walk(_ part: inout Part) {
      let place = path.isEmpty ? part.path : path + "." + part.path
      part.layer.walkParameters(at: place, visit)
    }
    for index in trunk.indices {
      switch trunk[index].action {
      case .apply(var part):
        walk(&part)
        trunk[index].action = .apply(part)
      case .merge(var parts):
        for place in parts.indices { walk(&parts[place]) }
        trunk[index].action = .merge(parts)
      case .branch: break
      }
    }
    if var parts = classifier {
      for place in parts.indices { walk(&parts[place]) }
      classifier = parts
    }
  }

  /// Takes images through the trunk until every wanted layer was passed.
  ///
  /// - Returns: the features at the wanted layers by name, and what the last step gave.
  func trace(
    _ images: Tensor, to wanted: Set<String>
  ) -> (features: [String: Tensor], last: Tensor) {
    var found: [String: Tensor] = [:]
    let entry = entry(before: wanted)
    var x = images.graph.checkpointed {
      entry.reduce(colours(images)) { $1($0) }
    }
    var kept = x
    for step in trunk.dropFirst(entry.count) {
      switch step.action {
      case .apply(let part): x = part(x)
      case .branch: kept = x
      case .merge(let parts): x = x + parts.reduce(kept) { $1($0) }
      }
      if let name = step.feature?.name, wanted.contains(name) { found[name] = x }
      if !wanted.isEmpty, found.count == wanted.count { break }
    }
    return (found, x)
  }

  /// The layers through the second convolution, where nothing before is wanted or branches off: what the first
  /// makes of three colours is large, and quickly made again in the reverse pass.
  private func entry(before wanted: Set<String>) -> [Part] {
    var parts: [Part] = []
    var convolutions = 0
    for step in trunk {
      guard case .apply(let part) = step.action else { return [] }
      if let name = step.feature?.name, wanted.contains(name) { return [] }
      parts.append(part)
      if part.layer.kind == "Conv2D" { convolutions += 1 }
      if convolutions == 2 { return parts }
    }
    return []
  }
}

/// A feature network that is made of steps.
public protocol SteppedNetwork: FeatureNetwork {
  /// Its layers in order.
  var steps: NetworkSteps { get set }
}

extension SteppedNetwork {
  /// Its steps are walked instead.
  public static var fields: [Field<Self>] { [] }

  /// Visits every parameter and running statistic, under torchvision's names.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    steps.walkParameters(at: path, visit)
  }

  /// The layers whose features can be asked for, first to last.
  public var featureLayers: [FeatureLayer] { steps.featureLayers }

  /// What images look like at some layers. Nothing behind the last of them is traced; the name of
  /// no layer traps.
  public func features(of images: Tensor, at layers: [String]) -> [Tensor] {
    if layers.isEmpty { return [] }
    let names = Set(layers)
    for name in names where featureLayer(named: name) == nil {
      preconditionFailure("\(Self.self) has no layer '\(name)'")
    }
    let found = steps.trace(images, to: names).features
    return layers.compactMap { found[$0] }
  }

  /// How strongly images belong to each of ImageNet's classes; nil without a classifier.
  public func logits(of images: Tensor) -> Tensor? {
    guard let classifier = steps.classifier else { return nil }
    return classifier.reduce(steps.trace(images, to: []).last) { $1($0) }
  }
}
