extension Compiler {
  /// The kernel of one step.
  func kernel(at step: Int) -> Kernel<Scalar> {
    switch works[step] {
    case .copy(let id, _):
      let shape = graph.nodes[id].shape
      return .movement(
        [
          StridedCopy(
            dimensions: [shape.count], sourceStrides: [1], targetStrides: [1])
        ], KernelCall(inputs: [shape], inputTypes: [graph.nodes[id].type], output: shape),
        gaps: nil)
    case .nodes(let unit):
      let node = graph.nodes[unit[0]]
      if node.operation is any ElementwisePrimitive {
        return Scalar.elementwise(tileProgram(unit))
      }
      guard let operation = node.operation as? any KernelPrimitive else {
        preconditionFailure("\(node.operation.name) has no kernel")
      }
      let call = KernelCall(
        inputs: node.inputs.map { graph.nodes[$0].shape },
        inputTypes: node.inputs.map { graph.nodes[$0].type }, output: node.shape,
        convolutionProvider: options.convolutionProvider, finish: finish(unit))
      if let join = operation as? Concatenate {
        let copies = join.copies(call).filter {
          parts[base(node.inputs[$0.source])]?.whole != unit[0]
        }
        return .movement(copies, call, gaps: nil)
      }
      return Scalar.kernel(of: operation, call).finishing(call.finish)
    }
  }

  /// What follows a product or convolution in its unit.
  private func finish(_ unit: [NodeID]) -> Finish? {
    let node = graph.nodes[unit[0]]
    guard unit.count > 1, let operation = node.operation as? any FinishedPrimitive else {
      return nil
    }
    return Finish(
      operand: node.inputs.count, shape: node.shape,
      axis: operation.biasedAxis(rank: node.shape.rank), isRectified: unit.count > 2)
  }

  /// A chain of element-wise nodes, its values numbered: operands first, then the nodes in order.
  private func tileProgram(_ unit: [NodeID]) -> TileProgram<Scalar> {
    let reads = operands(of: unit)
    var number: [NodeID: Int] = [:]
    for id in reads + unit { number[id] = number.count }
    let results = results(of: unit)
    let memory = reads.map { base($0) }
    return TileProgram(
      shape: graph.nodes[unit[0]].shape,
      operands: reads.map { .init(shape: graph.nodes[$0].shape, type: graph.nodes[$0].type) },
      instructions: unit.map { id in
        guard let operation = graph.nodes[id].operation as? any ElementwisePrimitive else {
          preconditionFailure("\(graph.nodes[id].operation.name) is not element-wise")
        }
        return .init(
          loop: Scalar.loop(of: operation),
          operands: graph.nodes[id].inputs.map { number[$0] ?? 0 })
      },
      results: results.map { number[$0] ?? 0 },
      takenOver: results.map { result in
        memory.firstIndex { source in
          takesOver[result] == source
            || (inState[result] != nil && inState[result] == stateName(source))
        }
      })
  }

  /// The finished program.
  func program() -> Program<Scalar> {
    let steps = works.indices.map { step in
      switch works[step] {
      case .copy(let id, let name):
        let (from, to): (Program<Scalar>.Place, Program<Scalar>.Place) =
          if let name { (place(id, isRoot: true), .state(name)) } else {
            (place(id), place(id, isRoot: true))
          }
        return Program<Scalar>.Step(
          operations: [.init(name: "copy", scope: "")], kernel: kernels[step], chain: nil,
          places: [from, to], inputCount: 1, realCounts: [realCount(id)],
          scratch: scratchOffsets[step] ?? 0, packed: .none, stage: stages[step], work: 0,
          traffic: 2 * bytes(id))
      case .nodes(let unit):
        let reads = operands(of: unit)
        let isElementwise = graph.nodes[unit[0]].operation is any ElementwisePrimitive
        // A kernel's operands in its order, then the bias that finishes its result.
        let inputs =
          isElementwise
          ? reads
          : graph.nodes[unit[0]].inputs
            + unit.dropFirst().prefix(1).flatMap {
              graph.nodes[$0].inputs.filter { $0 != unit[0] }
            }
        let nodes = unit.map { graph.nodes[$0] }
        return Program<Scalar>.Step(
          operations: nodes.map { .init(name: $0.operation.name, scope: $0.scope) },
          kernel: kernels[step], chain: isElementwise ? tileProgram(unit) : nil,
          places: (inputs + results(of: unit)).map { place($0) },
          inputCount: inputs.count, realCounts: results(of: unit).map(realCount),
          scratch: scratchOffsets[step] ?? 0, packed: packed(step), stage: stages[step],
          work: work(step),
          traffic: (inputs + results(of: unit)).map(bytes).reduce(0, +))
      }
    }
    let variable = { (id: NodeID) in
      Program<Scalar>.Variable(
        place: place(id, isRoot: true), shape: graph.nodes[id].shape, type: graph.nodes[id].type)
    }
    var inputs: [String: Program<Scalar>.Variable] = [:]
    var states: [String: TensorValue<Float>] = [:]
    var settings: Set<String> = []
    for id in leaves + updates.map(\.state) {
      if let input = graph.nodes[id].operation as? Input { inputs[input.inputName] = variable(id) }
      if let state = graph.nodes[id].operation as? StateLeaf {
        states[state.stateName] = state.initial
        if state.isSetting { settings.insert(state.stateName) }
      }
    }
    return Program(
      steps: steps, inputs: inputs, outputs: outputs.mapValues(variable), states: states,
      settings: settings, constants: constantPool, marks: markedValues(), arenaBytes: arenaBytes,
      updatedStates: updates.compactMap { stateName($0.state) },
      differentiatedStates: graph.differentiatedStates.sorted())
  }

  /// Where the marked values are. What no step makes, and what a kernel finishes without storing it
  /// in between, is left out.
  private func markedValues() -> [Int: [Program<Scalar>.MarkedValue]] {
    var values: [Int: [Program<Scalar>.MarkedValue]] = [:]
    for (mark, id) in graph.marks {
      let source = base(id)
      guard graph.nodes[id].type == .real, let step = computedAt[source],
        case .nodes(let unit) = works[step], let number = unit.firstIndex(of: source)
      else { continue }
      let isChain = graph.nodes[unit[0]].operation is any ElementwisePrimitive
      let result = results(of: unit).firstIndex(of: source)
      guard isChain || result != nil else { continue }
      values[step, default: []].append(
        .init(
          mark: mark, shape: graph.nodes[id].shape, operation: number, result: result,
          offset: offset(id)))
    }
    return values
  }

  /// The operations of a step.
  func work(_ step: Int) -> Int {
    guard case .nodes(let unit) = works[step] else { return 0 }
    return unit.map { id in
      let node = graph.nodes[id]
      return node.operation.work(
        inputs: node.inputs.map { graph.nodes[$0].shape }, output: node.shape)
    }.reduce(0, +)
  }

  private func realCount(_ id: NodeID) -> Int {
    graph.nodes[id].type == .real ? graph.nodes[id].shape.count : 0
  }

  private func packed(_ step: Int) -> Program<Scalar>.Packed {
    guard let first = packedFirst[step] else { return .none }
    if let state = frozenOperand(step) { return .kept(state: state, first: first) }
    return .arena(packedOffsets[first] ?? 0, isMade: first == step)
  }
}

extension KernelScalar {
  /// The kernel of an operation for this type: the choice between its two concrete requirements.
  fileprivate static func kernel(
    of operation: any KernelPrimitive, _ call: KernelCall
  ) -> Kernel<Self> {
    if let kernel = operation.kernel(call, Float.self) as? Kernel<Self> { return kernel }
    if let kernel = operation.kernel(call, Double.self) as? Kernel<Self> { return kernel }
    preconditionFailure("\(Self.self) is neither Float nor Double")
  }

  /// The kernel of a chain, made where its type is known: code that is generic here would run
  /// unspecialised.
  static func elementwise(_ program: TileProgram<Self>) -> Kernel<Self> {
    if let program = program as? TileProgram<Float>,
      let kernel = Kernel<Float>.elementwise(program) as? Kernel<Self>
    {
      return kernel
    }
    if let program = program as? TileProgram<Double>,
      let kernel = Kernel<Double>.elementwise(program) as? Kernel<Self>
    {
      return kernel
    }
    preconditionFailure("\(Self.self) is neither Float nor Double")
  }

  /// The tile loop of an operation for this type.
  fileprivate static func loop(of operation: any ElementwisePrimitive) -> TileLoop<Self> {
    if let loop = operation.loop(Float.self) as? TileLoop<Self> { return loop }
    if let loop = operation.loop(Double.self) as? TileLoop<Self> { return loop }
    preconditionFailure("\(Self.self) is neither Float nor Double")
  }
}
