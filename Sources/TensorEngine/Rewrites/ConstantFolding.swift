/// The values of nodes that depend on constants only, computed once when the graph is compiled.
struct ConstantFolding<Scalar: KernelScalar> {
  /// A larger result is left to run time: a stretched constant is cheaper to read small.
  private static var maximumCount: Int { 4096 }

  /// Folded nodes and constants, with their values.
  private(set) var values: [Graph.NodeID: [Scalar]] = [:]

  /// - Parameters:
  ///   - nodes: what is to be run, in the graph's order.
  ///   - options: of the compilation; say whether to compute anything, or only to list the
  ///     constants themselves.
  init(_ nodes: [Graph.NodeID], in graph: Graph, _ options: CompileOptions) throws {
    var isFixed: Set<Graph.NodeID> = []
    var computed: [Graph.NodeID] = []
    for id in nodes {
      let node = graph.nodes[id]
      if let constant = node.operation as? Constant {
        values[id] = constant.values.map { Scalar($0) }
        isFixed.insert(id)
      } else if options.foldsConstants, !node.inputs.isEmpty, node.type == .real,
        node.shape.count <= Self.maximumCount, node.inputs.allSatisfy(isFixed.contains)
      {
        isFixed.insert(id)
        computed.append(id)
      }
    }
    if computed.isEmpty { return }
    var options = options
    options.foldsConstants = false
    options.includesUpdates = false
    let names = Dictionary(
      uniqueKeysWithValues: computed.map { ("\($0)", Tensor(graph: graph, id: $0)) })
    let program = try graph.compile(names, as: Scalar.self, options: options)
    let workspace = Workspace<Scalar>(threads: 1, seed: 0)
    let loaded = workspace.load(program)
    loaded.run(step: 0)
    for id in computed { values[id] = loaded["\(id)"].scalars }
  }
}
