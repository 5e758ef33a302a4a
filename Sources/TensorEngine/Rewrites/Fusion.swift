/// A cut of the needed nodes into units that run as one kernel each: chains of element-wise
/// operations on one shape, and single operations for the rest.
struct Fusion {
  /// Instructions of one kernel at most; beyond, its tiles would leave the first-level cache.
  static let maximumLength = 48

  /// The units in an order in which operands come before what uses them.
  let units: [[Graph.NodeID]]

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
    /// Each unit's nodes, ascending; empty once it has been merged into another.
    var members: [[Graph.NodeID]] = []
    /// The unit of each node.
    var unit: [Graph.NodeID: Int] = [:]
    /// The units made so far that read each node.
    var readers: [Graph.NodeID: [Graph.NodeID]] = [:]
    /// Above the level of every unit that a unit depends on.
    var levels: [Int] = []
    /// The last search that came by each unit.
    var visits: [Int] = []
    var searches = 0

    init(graph: Graph) { self.graph = graph }

    /// The units that a unit reads, in the order of its operands; some of them repeatedly.
    func sources(of index: Int) -> [Int] {
      members[index].flatMap { graph.nodes[$0].inputs }.compactMap { unit[$0] }
        .filter { $0 != index }
    }

    mutating func add(_ id: Graph.NodeID, fuses: Bool) {
      let node = graph.nodes[id]
      let own = members.count
      members.append([id])
      unit[id] = own
      for input in node.inputs { readers[input, default: []].append(id) }
      let sources = Set(sources(of: own))
      levels.append((sources.map { levels[$0] }.max() ?? 0) + 1)
      visits.append(0)
      guard fuses, node.operation is any ElementwisePrimitive else { return }
      for source in sources.sorted(by: >) { merge(source, into: own, shape: node.shape) }
    }

    /// Merges a unit that feeds `target`, the newest, into it, unless a third unit lies between
    /// them: that one would have to run both before and after the merged unit.
    private mutating func merge(_ source: Int, into target: Int, shape: Shape) {
      guard let first = members[source].first,
        graph.nodes[first].operation is any ElementwisePrimitive, graph.nodes[first].shape == shape,
        members[source].count + members[target].count <= Fusion.maximumLength,
        !hasDetour(from: source, to: target)
      else { return }
      let moved = members[source]
      members[target] = (moved + members[target]).sorted()
      members[source] = []
      for id in moved { unit[id] = target }
      raiseReaders(of: target)
    }

    /// Whether a path leads from `source` to `target` by way of other units.
    private mutating func hasDetour(from source: Int, to target: Int) -> Bool {
      searches += 1
      var open = sources(of: target).filter { $0 != source }
      while let index = open.popLast() {
        if index == source { return true }
        if levels[index] <= levels[source] || visits[index] == searches { continue }
        visits[index] = searches
        open += sources(of: index)
      }
      return false
    }

    /// Puts the units that read unit `index`, and those that read them, above what they read: in
    /// the order of their former levels, so that each is raised once.
    private mutating func raiseReaders(of index: Int) {
      searches += 1
      var open = [(unit: index, former: 0)]
      while let (source, _) = open.popLast() {
        for reader in members[source].flatMap({ readers[$0] ?? [] }) {
          guard let other = unit[reader], other != source, levels[other] <= levels[source] else {
            continue
          }
          if visits[other] != searches {
            visits[other] = searches
            let former = levels[other]
            open.insert((other, former), at: open.firstIndex { $0.former <= former } ?? open.count)
          }
          levels[other] = levels[source] + 1
        }
      }
    }

    /// The units where their last nodes stand in the graph, or earlier where another needs them.
    func ordered() -> [[Graph.NodeID]] {
      let live = members.indices.filter { !members[$0].isEmpty }
        .sorted { members[$0][members[$0].count - 1] < members[$1][members[$1].count - 1] }
      var isListed = [Bool](repeating: false, count: members.count)
      var result: [[Graph.NodeID]] = []
      var open: [(unit: Int, isReady: Bool)] = live.reversed().map { ($0, false) }
      while let (index, isReady) = open.popLast() {
        if isListed[index] { continue }
        if isReady {
          isListed[index] = true
          result.append(members[index])
        } else {
          open.append((index, true))
          open += sources(of: index).reversed().filter { !isListed[$0] }.map { ($0, false) }
        }
      }
      return result
    }
  }
}
