extension Graph {
  /// This graph with what aliases stand for in their place, and the node that each node became.
  func withoutAliases() -> (graph: Graph, places: [NodeID]) {
    var places = Array(nodes.indices)
    for (id, node) in nodes.enumerated() where node.operation is any AliasPrimitive {
      places[id] = places[node.inputs[0]]
    }
    return places.elementsEqual(nodes.indices)
      ? (self, places) : (Graph(self, reading: places), places)
  }
}
