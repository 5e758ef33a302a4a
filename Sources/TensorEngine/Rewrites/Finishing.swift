/// Biases and ReLUs that the kernel of the product or convolution before them carries out while it
/// stores its result, instead of an element-wise unit that reads it again.
struct Finishing {
  typealias NodeID = Graph.NodeID

  /// The units; one that begins with a `FinishedPrimitive` may go on with an `Add` and a `ReLU`.
  private(set) var units: [[NodeID]]

  /// - Parameters:
  ///   - units: in a legal order, as fused.
  ///   - roots: what must be stored anyway.
  ///   - base: the value in whose memory another lies.
  ///   - isStored: whether a value is known before the program runs.
  init(
    _ units: [[NodeID]], in graph: Graph, roots: Set<NodeID>, base: (NodeID) -> NodeID,
    isStored: (NodeID) -> Bool
  ) {
    self.units = units
    var unit: [NodeID: Int] = [:]
    var readers: [NodeID: [NodeID]] = [:]
    for (index, nodes) in units.enumerated() {
      for id in nodes {
        unit[id] = index
        for input in graph.nodes[id].inputs { readers[input, default: []].append(id) }
      }
    }
    /// The one node that reads a value which nothing else needs.
    func reader(_ id: NodeID) -> NodeID? {
      guard !roots.contains(id), let all = readers[id], all.count == 1 else { return nil }
      return all[0]
    }
    func isMade(_ value: NodeID, before index: Int) -> Bool {
      unit[base(value)].map { $0 < index } ?? false
    }
    for index in units.indices {
      let node = graph.nodes[units[index][0]]
      guard let operation = node.operation as? any FinishedPrimitive,
        let sum = reader(units[index][0]), graph.nodes[sum].operation is Add,
        graph.nodes[sum].shape == node.shape, let target = unit[sum],
        let bias = graph.nodes[sum].inputs.first(where: { $0 != units[index][0] }),
        isStored(bias) || isMade(bias, before: index),
        Self.runs(
          graph.nodes[bias].shape, along: operation.biasedAxis(rank: node.shape.rank),
          of: node.shape)
      else { continue }
      var moved = [sum]
      if let next = reader(sum), graph.nodes[next].operation is ReLU, unit[next] == target {
        moved.append(next)
      }
      self.units[index] += moved
      self.units[target].removeAll(where: moved.contains)
    }
    self.units.removeAll(where: \.isEmpty)
  }

  /// Whether a bias broadcasts to a shape and differs along one axis only, whose extent it has.
  private static func runs(_ bias: Shape, along axis: Int, of shape: Shape) -> Bool {
    bias.rank <= shape.rank && bias.count == shape[axis]
      && shape.rank - bias.rank <= axis && bias[axis - (shape.rank - bias.rank)] == shape[axis]
  }
}
