extension Compiler {
  /// The units of work in the order in which they run.
  func units() -> [[NodeID]] {
    let roots = Set(outputs.values.map(base) + updates.map { base($0.value) })
    var units = Fusion(needed, in: graph, fuses: options.fusesElementwise).units
    if options.finishesProducts {
      units =
        Finishing(units, in: graph, roots: roots, base: base) {
          constants[base($0)] != nil || stateName(base($0)) != nil
        }.units
    }
    if options.fusesElementwise, options.recomputesQuickValues {
      units = Recomputation(units, in: graph, roots: roots).units
    }
    units.removeAll { isView($0[0]) }
    guard options.schedulesForMemory else { return units }

    var unit: [NodeID: Int] = [:]
    for (index, nodes) in units.enumerated() {
      for id in nodes { unit[id] = index }
    }
    let reads = units.map { nodes in Set(operands(of: nodes).map(base)).sorted() }
    var readers: [NodeID: [Int]] = [:]
    for (index, ids) in reads.enumerated() {
      for id in ids { readers[id, default: []].append(index) }
    }
    var scheduled = units.indices.map { index in
      let needed = reads[index] + operands(of: units[index]).flatMap(conditions)
      return Schedule.Unit(
        sources: Set(needed.compactMap { unit[$0] }).sorted(), reads: reads[index],
        makes: units[index].filter { readers[$0] != nil })
    }
    var bytes = graph.nodes.indices.map { id in
      readers[id] != nil && stateName(id) == nil && constants[id] == nil ? self.bytes(id) : 0
    }
    for update in updates {
      // What is computed in the state's own memory takes no other.
      let value = base(update.value)
      guard options.updatesInPlace, let index = unit[value] else { continue }
      bytes[value] = 0
      scheduled[index].readersOfStates += (readers[update.state] ?? []).filter { $0 != index }
    }
    return Schedule(scheduled, bytes: bytes, lasting: roots).order.map { units[$0] }
  }

  /// What must be known before a view may be read, besides the value that it is a view of.
  func conditions(_ id: NodeID) -> [NodeID] {
    guard isView(id) else { return [] }
    let inputs = graph.nodes[id].inputs
    return inputs.dropFirst().map(base) + inputs.flatMap(conditions)
  }
}
