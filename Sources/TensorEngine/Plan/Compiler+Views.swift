// Values that lie in the memory of others: views, slices and the parts of concatenations.

extension Compiler {
  // MARK: Read in place

  /// Slices whose elements are neighbours in their operands. The roots are left out, and what they
  /// are views of: their values need memory of their own.
  static func slices(
    of nodes: [NodeID], in graph: Graph, but roots: [NodeID]
  ) -> Set<NodeID> {
    var slices = Set(
      nodes.filter { id in
        guard let slice = graph.nodes[id].operation as? Slice else { return false }
        return slice.isContiguous(in: graph.nodes[graph.nodes[id].inputs[0]].shape)
      })
    for root in roots {
      var id = root
      while graph.nodes[id].operation is any ViewPrimitive || slices.contains(id) {
        slices.remove(id)
        id = graph.nodes[id].inputs[0]
      }
    }
    return slices
  }

  /// Whether a node's value lies in the memory of its first operand.
  func isView(_ id: NodeID) -> Bool {
    constants[id] == nil
      && (graph.nodes[id].operation is any ViewPrimitive || slicesInPlace.contains(id))
  }

  /// The node whose memory holds this one's value: itself, or what it is a view of.
  func base(_ id: NodeID) -> NodeID {
    var id = id
    while isView(id) { id = graph.nodes[id].inputs[0] }
    return id
  }

  /// Where in the memory of its base a node's value begins, in bytes.
  func offset(_ id: NodeID) -> Int {
    var (id, elements) = (id, 0)
    let size = graph.nodes[id].type.size(real: MemoryLayout<Scalar>.stride)
    while isView(id) {
      let operand = graph.nodes[id].inputs[0]
      if let slice = graph.nodes[id].operation as? Slice {
        elements += slice.firstElement(in: graph.nodes[operand].shape)
      }
      id = operand
    }
    return elements * size
  }

  // MARK: Joined in place

  /// Lets what is concatenated be computed where the whole has it, so that nothing is copied.
  mutating func placeParts() {
    guard options.joinsInPlace else { return }
    for work in works {
      guard case .nodes(let unit) = work,
        let join = graph.nodes[unit[0]].operation as? Concatenate, isInArena(unit[0])
      else { continue }
      let whole = graph.nodes[unit[0]]
      guard whole.shape.dimensions[..<join.axis].allSatisfy({ $0 == 1 }) else { continue }
      let values = whole.inputs.map(base)
      var offset = 0
      for (input, value) in zip(whole.inputs, values) {
        if isPart(value, as: input), values.filter({ $0 == value }).count == 1 {
          parts[value] = (unit[0], offset)
        }
        offset += bytes(input)
      }
    }
  }

  /// Whether the memory of a value may be a part of another's: it is read as a whole, made in a step,
  /// and neither a result nor a part already.
  private func isPart(_ value: NodeID, as input: NodeID) -> Bool {
    graph.nodes[value].shape.count == graph.nodes[input].shape.count && isInArena(value)
      && !(graph.nodes[value].operation is any LeafPrimitive) && computedAt[value] != nil
      && lastUse[value] != .max && parts[value] == nil
  }

  /// Whether the memory of a value is shared with a whole or with parts.
  func isJoined(_ id: NodeID) -> Bool {
    parts[id] != nil || graph.nodes[id].operation is Concatenate
  }
}
