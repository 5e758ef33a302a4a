/// Values that are computed again where they are read, instead of being stored in between: results
/// of quick element-wise operations on one tensor that is stored anyway, such as the mask that the
/// gradient of a ReLU multiplies by. It costs no more memory traffic, and less memory.
struct Recomputation {
  typealias NodeID = Graph.NodeID

  /// The units, such values added to those that read them.
  private(set) var units: [[NodeID]]
  private let graph: Graph
  /// What must be stored anyway.
  private let roots: Set<NodeID>
  private var unit: [NodeID: Int] = [:]
  /// The units that read each node, its own left out.
  private var readers: [NodeID: Set<Int>] = [:]

  /// - Parameters:
  ///   - units: in a legal order, as fused.
  ///   - roots: results of the program, and new values of states.
  init(_ units: [[NodeID]], in graph: Graph, roots: Set<NodeID>) {
    self.units = units
    self.graph = graph
    self.roots = roots
    for (index, nodes) in units.enumerated() {
      for id in nodes { unit[id] = index }
    }
    for (index, nodes) in units.enumerated() {
      for input in nodes.flatMap({ graph.nodes[$0].inputs }) where unit[input] != index {
        readers[input, default: []].insert(index)
      }
    }
    for index in units.indices where isElementwise(units[index]) {
      for id in units[index] { recompute(id, of: index) }
      dropUnread(in: index)
    }
    self.units = self.units.filter { !$0.isEmpty }
  }

  /// Whether an operation costs less than reading its result would.
  private func isQuick(_ id: NodeID) -> Bool {
    switch graph.nodes[id].operation {
    case is Add, is Subtract, is Multiply, is Divide, is Maximum, is Minimum, is Select,
      is any Comparison, is Negate, is Square, is ReLU, is ParametricReLU:
      true
    default: false
    }
  }

  private func isElementwise(_ nodes: [NodeID]) -> Bool {
    graph.nodes[nodes[0]].operation is any ElementwisePrimitive
  }

  /// Adds a value to all units that read it, where that is possible for each of them.
  private mutating func recompute(_ id: NodeID, of index: Int) {
    guard let readers = readers[id], !roots.contains(id), let chain = chain(to: id, in: index),
      readers.allSatisfy({ reader in
        isElementwise(units[reader])
          && graph.nodes[units[reader][0]].shape == graph.nodes[id].shape
          && units[reader].count + chain.count <= Fusion.maximumLength
      })
    else { return }
    for reader in readers {
      units[reader] = Set(units[reader] + chain).sorted()
      for input in chain.flatMap({ graph.nodes[$0].inputs }) where !chain.contains(input) {
        self.readers[input, default: []].insert(reader)
      }
    }
    self.readers[id] = nil
  }

  /// The operations of a unit that make a value of one stored tensor of its size, and of smaller
  /// ones; nil where others than quick ones take part, or where nothing else has the tensor stored.
  private func chain(to id: NodeID, in index: Int) -> [NodeID]? {
    guard isQuick(id) else { return nil }
    let node = graph.nodes[id]
    let large = Set(node.inputs.filter { graph.nodes[$0].shape.count == node.shape.count })
    guard large.count == 1, let source = large.first,
      !node.inputs.contains(where: { graph.nodes[$0].operation is StateLeaf && large.contains($0) })
    else { return nil }
    let isInside = unit[source] == index
    let isStored = roots.contains(source) || (readers[source] ?? []).contains { $0 != index }
    if isStored { return [id] }
    return isInside ? chain(to: source, in: index).map { $0 + [id] } : nil
  }

  /// Takes out of a unit what neither it nor another reads.
  private mutating func dropUnread(in index: Int) {
    for id in units[index].reversed()
    where !roots.contains(id) && readers[id] == nil
      && !units[index].contains(where: { graph.nodes[$0].inputs.contains(id) })
    {
      units[index].removeAll { $0 == id }
    }
  }
}
