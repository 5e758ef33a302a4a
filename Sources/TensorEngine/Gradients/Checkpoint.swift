/// The result of a segment of the graph whose inner values the reverse pass computes again instead
/// of keeping them. The first operand is the result; the others are what the segment reads from
/// outside.
struct Checkpoint: AliasPrimitive {
  static let name = "checkpoint"
  /// The segment's nodes, ascending; the last is the result.
  let nodes: [Graph.NodeID]
  /// What these read from outside when they were traced, in the order of the operands.
  let outside: [Graph.NodeID]

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    gradients(ofInputs: [index], context)[0]
  }

  /// Traces the segment once more, on operands that are there only when the cotangent is, and
  /// differentiates that copy.
  func gradients(ofInputs indices: [Int], _ context: GradientContext) -> [Tensor?] {
    let graph = context.graph
    let operands = context.inputs.dropFirst().map {
      graph.apply(Postponed(), to: [$0, context.cotangent])
    }
    var copies = Dictionary(uniqueKeysWithValues: zip(outside, operands))
    var result = context.inputs[0]
    for id in nodes {
      let node = graph.nodes[id]
      result = graph.apply(node.operation, to: node.inputs.compactMap { copies[$0] })
      copies[id] = result
    }
    let asked = indices.filter { $0 > 0 }
    let cotangents = graph.cotangents(
      of: asked.map { operands[$0 - 1] }, from: result, with: context.cotangent)
    return indices.map { index in
      asked.firstIndex(of: index).flatMap { cotangents[$0] }
    }
  }
}

/// Its first operand, available only after the second: what is computed from it is computed late,
/// and is not the same as what was computed from the operand itself.
struct Postponed: ViewPrimitive {
  static let name = "postponed"

  func shape(of inputs: [Shape]) -> Shape { inputs[0] }
  func type(of inputs: [ElementType]) -> ElementType { inputs[0] }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    index == 0 ? context.cotangent : nil
  }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

extension Graph {
  /// Traces a segment whose inner values are not kept for the reverse pass, which computes them
  /// again from what the segment reads (Chen et al., "Training deep nets with sublinear memory
  /// cost", 2016). Values and gradients are the same; memory is traded for time. Random numbers
  /// drawn inside are kept.
  ///
  /// Gradients flow to all that the segment reads, parameters too, but not to tensors made inside.
  public func checkpointed(_ body: () throws -> Tensor) rethrows -> Tensor {
    let start = nodes.count
    let result = try body()
    precondition(result.graph === self, "checkpointed: a result of another graph")
    var inside: Set<NodeID> = []
    var outside: Set<NodeID> = []
    var open = [result.id]
    while let id = open.popLast() {
      if id < start || nodes[id].inputs.isEmpty {
        outside.insert(id)
      } else if inside.insert(id).inserted {
        open += nodes[id].inputs
      }
    }
    if inside.isEmpty { return result }
    let operands = outside.sorted()
    return apply(
      Checkpoint(nodes: inside.sorted(), outside: operands),
      to: [result] + operands.map { Tensor(graph: self, id: $0) })
  }
}
