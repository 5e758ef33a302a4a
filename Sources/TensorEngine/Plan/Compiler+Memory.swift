// Where values, scratch and packed operands are.

extension Compiler {
  /// Lets element-wise results take over the memory of operands that end with the step.
  mutating func takeOverMemory() {
    guard options.reusesMemory else { return }
    for (step, work) in works.enumerated() {
      guard case .nodes(let unit) = work,
        graph.nodes[unit[0]].operation is any ElementwisePrimitive
      else { continue }
      let reads = operands(of: unit)
      var free = reads.filter { operand in
        let source = base(operand)
        return lastUse[source] == step && isInArena(source) && !isJoined(source)
          && !(graph.nodes[source].operation is any LeafPrimitive)
          && graph.nodes[source].type == .real
          && reads.filter { base($0) == source }.count == 1
      }
      for result in results(of: unit) where inState[result] == nil && parts[result] == nil {
        let match = free.firstIndex {
          graph.nodes[$0].shape.count == graph.nodes[result].shape.count
            && graph.nodes[base($0)].shape.count == graph.nodes[result].shape.count
        }
        guard let match else { continue }
        takesOver[result] = base(free.remove(at: match))
      }
    }
  }

  func isInArena(_ id: NodeID) -> Bool {
    constants[id] == nil && stateName(id) == nil && inState[id] == nil
  }

  /// The first holder of the memory that a node's value ends up in, and where in it, in bytes.
  private func holder(_ id: NodeID) -> (owner: NodeID, offset: Int) {
    var (id, offset) = (id, 0)
    while let source = takesOver[id] ?? parts[id]?.whole {
      offset += parts[id]?.offset ?? 0
      id = source
    }
    return (id, offset)
  }

  /// Gives every value and every kernel's scratch a place in the arena.
  mutating func planMemory() {
    var first: [NodeID: Int] = [:]
    var last: [NodeID: Int] = [:]
    var size: [NodeID: Int] = [:]
    let values =
      leaves.filter { graph.nodes[$0].operation is Input } + snapshots.sorted()
      + works.flatMap { work in
        if case .nodes(let unit) = work { results(of: unit) } else { [NodeID]() }
      }
    for id in values where snapshots.contains(id) || isInArena(id) {
      let owner = holder(id).owner
      let begin = graph.nodes[id].operation is Input ? 0 : computedAt[id] ?? 0
      first[owner] = min(first[owner] ?? begin, begin)
      last[owner] = max(last[owner] ?? begin, lastUse[id] ?? begin)
      size[owner] = bytes(owner)
    }
    let owners = first.keys.sorted()
    var requests = owners.map {
      MemoryPlan.Request(
        bytes: size[$0] ?? 0, first: stage(of: first[$0] ?? 0), last: stage(of: last[$0] ?? 0))
    }
    for (step, kernel) in kernels.enumerated() {
      requests.append(
        .init(bytes: kernel.sharedScratch, first: stages[step], last: stages[step]))
    }
    let packed = packedFirst.keys.filter { frozenOperand($0) == nil }.sorted()
    let makers = packed.filter { packedFirst[$0] == $0 }
    for step in makers {
      let last = packed.last { packedFirst[$0] == step } ?? step
      requests.append(
        .init(
          bytes: kernels[step].packing?.bytes ?? 0, first: stages[step], last: stages[last]))
    }
    let plan = MemoryPlan(requests, reuses: options.reusesMemory)
    for (index, id) in owners.enumerated() { arenaOffsets[id] = plan.offsets[index] }
    for step in works.indices { scratchOffsets[step] = plan.offsets[owners.count + step] }
    for (index, step) in makers.enumerated() {
      packedOffsets[step] = plan.offsets[owners.count + works.count + index]
    }
    arenaBytes = plan.bytes
  }

  /// The stage of a step, or a stage after all others.
  private func stage(of step: Int) -> Int { step < stages.count ? stages[step] : .max }

  /// Makes the kernels, and finds the operands that several of them read packed.
  mutating func makeKernels() {
    kernels = works.indices.map { kernel(at: $0) }
    sharePackedOperands()
  }

  /// Finds the steps that read one value in one packed form.
  private mutating func sharePackedOperands() {
    var first: [PackedOperand: Int] = [:]
    for (step, kernel) in kernels.enumerated() {
      guard let packing = kernel.packing, let operand = packedOperand(step) else { continue }
      let packed = PackedOperand(
        operand: operand.base, offset: operand.offset, form: packing.form)
      packedFirst[step] = options.keepsPackedOperands ? first[packed] ?? step : step
      first[packed] = packedFirst[step]
    }
    let shared = Set(packedFirst.filter { $0.key != $0.value }.values)
    for (step, first) in packedFirst where first == step && !shared.contains(step) {
      guard frozenOperand(step) == nil, let alone = kernels[step].packing?.alone else { continue }
      kernels[step] = alone()
      packedFirst[step] = nil
    }
  }

  /// The value that a step reads packed, and where in it.
  private func packedOperand(_ step: Int) -> (base: NodeID, offset: Int)? {
    guard let packing = kernels[step].packing, case .nodes(let unit) = works[step] else {
      return nil
    }
    let operand = graph.nodes[unit[0]].inputs[packing.operand]
    return (base(operand), offset(operand))
  }

  /// The state that a step's packed operand is, where the program does not change it.
  func frozenOperand(_ step: Int) -> String? {
    guard options.keepsPackedOperands, let operand = packedOperand(step)?.base else { return nil }
    guard let name = stateName(operand), !updates.contains(where: { $0.state == operand }) else {
      return nil
    }
    // Steps that share it decide alike.
    return isWorthKeeping(packedFirst[step] ?? step) ? name : nil
  }

  /// Whether a frozen operand is kept packed. One of many bytes is not where making it anew takes little beside
  /// the step: measured on an image of 256x256 through VGG-19, a twelfth of the time spares a third of the memory.
  private func isWorthKeeping(_ step: Int) -> Bool {
    guard let packing = kernels[step].packing else { return false }
    return packing.bytes < Self.leastRemade || work(step) < Self.workOfRemade * packing.bytes
  }

  /// Bytes of a packed operand from which it may be made anew in each run.
  private static var leastRemade: Int { 32 << 20 }
  /// Operations for each of its bytes from which it is.
  private static var workOfRemade: Int { 64 }

  /// Where the value of a node is. A state that changes is read from its snapshot by the caller
  /// and by other states' updates, and from its own memory by the steps.
  func place(_ id: NodeID, isRoot: Bool = false) -> Program<Scalar>.Place {
    let (base, offset) = (base(id), offset(id))
    if let place = constantOffsets[base] { return .constant(place + offset) }
    if let name = inState[base] { return .state(name, at: offset) }
    if let name = stateName(base), !(isRoot && snapshots.contains(base)) {
      return .state(name, at: offset)
    }
    let holder = holder(base)
    return .arena((arenaOffsets[holder.owner] ?? 0) + holder.offset + offset)
  }
}

/// A value in a form that kernels read.
private struct PackedOperand: Hashable {
  let operand: Graph.NodeID
  let offset: Int
  let form: String
}
