extension Graph {
  /// Where a tensor that a layer reads comes from.
  public enum LayerOrigin: Sendable, Hashable {
    /// What the layer of this path gives.
    case layer(String)
    /// The input of this name.
    case input(String)
  }

  /// A tensor that flows into a layer.
  public struct LayerFlow: Sendable, Hashable {
    /// Where it comes from.
    public let origin: LayerOrigin
    /// Its shape there, with the batch.
    public let shape: Shape
  }

  /// What a traced layer gives.
  public func result(of layer: TracedLayer) -> Tensor { Tensor(graph: self, id: layer.result) }

  /// The layers that have no layers inside, in the order they were traced.
  public var innermostLayers: [TracedLayer] {
    let paths = Set(layers.map(\.path))
    let outer = Set(
      paths.flatMap { path in
        path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
      })
    return layers.filter { !outer.contains($0.path) }
  }

  /// What flows into each of the innermost layers, from the layers before it or from inputs:
  /// operations between layers are passed over, parameters left out.
  public func flows() -> [(layer: TracedLayer, inputs: [LayerFlow])] {
    var producers: [NodeID: TracedLayer] = [:]
    return innermostLayers.map { layer in
      let flows = flows(into: layer, producers)
      producers[layer.result] = layer
      return (layer, flows)
    }
  }

  private func flows(into layer: TracedLayer, _ producers: [NodeID: TracedLayer]) -> [LayerFlow] {
    let start = layer.nodes.lowerBound
    var open = layer.nodes.flatMap { nodes[$0].inputs }.filter { $0 < start }
    // A layer that changes nothing has no node of its own.
    if layer.result < start { open.append(layer.result) }
    var seen: Set<NodeID> = []
    var found: [NodeID: LayerFlow] = [:]
    while let id = open.popLast() {
      guard seen.insert(id).inserted else { continue }
      if let producer = producers[id] {
        found[id] = LayerFlow(origin: .layer(producer.path), shape: nodes[id].shape)
      } else if let input = nodes[id].operation as? Input {
        found[id] = LayerFlow(origin: .input(input.inputName), shape: nodes[id].shape)
      } else {
        open += nodes[id].inputs
      }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }
}
