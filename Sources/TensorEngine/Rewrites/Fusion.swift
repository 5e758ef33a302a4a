/// A cut of the needed nodes into units that run as one kernel each: chains of element-wise
/// operations on one shape, and single operations for the rest.
struct Fusion {
  /// Instructions of one kernel at most; beyond, its tiles would leave the first-level cache.
  static let maximumLength = 48

  /// The units in an order in which operands come before what uses them.
  private(set) var units: [[Graph.NodeID]] = []

  /// - Parameters:
  ///   - nodes: what is to be run, in the graph's order.
  ///   - fuses: whether element-wise operations share a unit at all.
  init(_ nodes: [Graph.NodeID], in graph: Graph, fuses: Bool) {
    var builder = Builder(graph: graph)
    for id in nodes { builder.add(id, fuses: fuses) }
    units = builder.ordered()
  }

  private struct Builder {
    let graph: Graph
    /// Each unit's nodes; empty once it has been merged into another.
    var members: [[Graph.NodeID]] = []
    /// The unit of each node.
    var unit: [Graph.NodeID: Int] = [:]
    /// For each unit, the units that it depends on, directly or not.
    var ancestors: [Set<Int>] = []

    init(graph: Graph) { self.graph = graph }

    mutating func add(_ id: Graph.NodeID, fuses: Bool) {
      let node = graph.nodes[id]
      let own = members.count
      members.append([id])
      unit[id] = own
      let sources = Set(node.inputs.compactMap { unit[$0] })
      ancestors.append(sources.reduce(into: sources) { $0.formUnion(ancestors[$1]) })
      guard fuses, node.operation is any ElementwisePrimitive else { return }
      for source in sources.sorted(by: >) { merge(source, into: own, shape: node.shape) }
    }

    /// Merges a unit that feeds `target` into it, unless a third unit lies between them: that one
    /// would have to run both before and after the merged unit.
    private mutating func merge(_ source: Int, into target: Int, shape: Shape) {
      guard let first = members[source].first,
        graph.nodes[first].operation is any ElementwisePrimitive, graph.nodes[first].shape == shape,
        members[source].count + members[target].count <= Fusion.maximumLength,
        !ancestors[target].contains(where: { $0 != source && ancestors[$0].contains(source) })
      else { return }
      members[target] = (members[source] + members[target]).sorted()
      members[source] = []
      for id in members[target] { unit[id] = target }
      ancestors[target].formUnion(ancestors[source])
      ancestors[target].remove(source)
      for index in ancestors.indices where ancestors[index].contains(source) {
        ancestors[index].remove(source)
        ancestors[index].insert(target)
        ancestors[index].formUnion(ancestors[target])
      }
    }

    /// The units, each after those it depends on; among free ones the earliest first.
    func ordered() -> [[Graph.NodeID]] {
      let live = members.indices.filter { !members[$0].isEmpty }
        .sorted { members[$0][members[$0].count - 1] < members[$1][members[$1].count - 1] }
      var done: Set<Int> = []
      var result: [[Graph.NodeID]] = []
      var open = live
      while !open.isEmpty {
        var later: [Int] = []
        for index in open {
          if ancestors[index].isSubset(of: done) {
            done.insert(index)
            result.append(members[index])
          } else {
            later.append(index)
          }
        }
        precondition(later.count < open.count, "units depend on each other")
        open = later
      }
      return result
    }
  }
}
