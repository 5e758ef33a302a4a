/// Rewrites done while compiling; each can be switched off, for tests and for finding faults.
public struct CompileOptions: Sendable {
  /// What depends on constants only is computed once.
  public var foldsConstants = true
  /// Chains of element-wise operations run as one kernel.
  public var fusesElementwise = true
  /// Products and convolutions add a bias and take a ReLU while they store their results.
  public var finishesProducts = true
  /// Values whose lives do not overlap share memory, and an element-wise result takes over the
  /// memory of an operand that nothing needs any more.
  public var reusesMemory = true
  /// New values of states are computed in the states' own memory where nothing needs the old.
  public var updatesInPlace = true
  /// Weights in the form that products and convolutions read them in are made once for all that
  /// read it, and kept from run to run where they are frozen.
  public var keepsPackedOperands = true
  /// What quick element-wise operations make of a stored tensor is computed where it is read.
  public var recomputesQuickValues = true
  /// Slices of neighbouring elements are read where they lie in what they are cut from.
  public var readsSlicesInPlace = true
  /// What is concatenated is computed in its place in the whole.
  public var joinsInPlace = true
  /// Units of work that free memory run as soon as they can.
  public var schedulesForMemory = true
  /// Neighbouring steps that need nothing of each other run at the same time.
  public var runsStepsTogether = true
  /// Whether the graph's updates are part of the program.
  public var includesUpdates = true
  /// Who carries out convolutions.
  public var convolutionProvider = ConvolutionProvider.fastest

  /// All rewrites on.
  public init() {}
}

extension Graph {
  /// Turns what the named results and the graph's updates need into a program.
  ///
  /// - Throws: `ShapeError`, the first mistake made while tracing.
  public func compile<Scalar: KernelScalar>(
    _ outputs: [String: Tensor], as: Scalar.Type = Float.self,
    options: CompileOptions = CompileOptions()
  ) throws -> Program<Scalar> {
    if let error { throw error }
    assert(isLegal, "the traced graph breaks a rule of its operations")
    precondition(outputs.values.allSatisfy { $0.graph === self }, "an output of another graph")
    let (graph, places) = withoutAliases()
    let results = outputs.mapValues { Tensor(graph: graph, id: places[$0.id]) }
    var compiler = try Compiler<Scalar>(graph, results, options)
    compiler.schedule()
    compiler.placeUpdates()
    compiler.placeParts()
    compiler.takeOverMemory()
    compiler.makeKernels()
    compiler.formStages()
    compiler.planMemory()
    return compiler.program()
  }
}

/// One compilation: units of work, then places for their values, then kernels.
struct Compiler<Scalar: KernelScalar> {
  typealias NodeID = Graph.NodeID

  /// What one step of the program does.
  enum Work {
    /// A single operation, or a chain of element-wise ones.
    case nodes([NodeID])
    /// A value is copied: a state before it changes, or a new value into its state.
    case copy(from: NodeID, toState: String?)
  }

  let graph: Graph
  let outputs: [String: NodeID]
  let options: CompileOptions
  let updates: [Graph.Update]
  let constants: [NodeID: [Scalar]]
  /// What is to be run, in the graph's order: no leaves, nothing folded.
  let needed: [NodeID]
  /// Leaves that the needed nodes or the results read.
  let leaves: [NodeID]
  /// The slices that are read in place.
  let slicesInPlace: Set<NodeID>

  var works: [Work] = []
  /// For each node, the last step that reads it; results are read after the last step.
  var lastUse: [NodeID: Int] = [:]
  /// The step that computes each node.
  var computedAt: [NodeID: Int] = [:]
  /// Snapshots of states that change before they are read for the last time: state to copy step.
  var snapshots: Set<NodeID> = []
  /// Nodes whose value is computed in the memory of a state.
  var inState: [NodeID: String] = [:]
  /// Nodes whose value takes over the memory of another.
  var takesOver: [NodeID: NodeID] = [:]
  /// Nodes whose value is computed in the memory of a concatenation, and where in it, in bytes.
  var parts: [NodeID: (whole: NodeID, offset: Int)] = [:]
  var arenaOffsets: [NodeID: Int] = [:]
  var scratchOffsets: [Int: Int] = [:]
  /// For each step with a packed operand, the first step that has the same one.
  var packedFirst: [Int: Int] = [:]
  /// The place of each packed operand that is made in each run.
  var packedOffsets: [Int: Int] = [:]
  var kernels: [Kernel<Scalar>] = []
  /// The stage of each step, in order: steps of one stage may run at the same time.
  var stages: [Int] = []
  var arenaBytes = 0
  private(set) var constantOffsets: [NodeID: Int] = [:]
  private(set) var constantPool: [Scalar] = []

  init(_ graph: Graph, _ outputs: [String: Tensor], _ options: CompileOptions) throws {
    self.graph = graph
    self.options = options
    self.outputs = outputs.mapValues(\.id)
    updates = options.includesUpdates ? graph.updates : []
    let roots = outputs.values.map(\.id) + updates.map(\.value)
    let reachable = Self.reachable(from: roots, in: graph) { _ in false }
    let folding = try ConstantFolding<Scalar>(reachable, in: graph, options)
    let remaining = Self.reachable(from: roots, in: graph) { folding.values[$0] != nil }
    constants = folding.values
    needed = remaining.filter {
      folding.values[$0] == nil && !(graph.nodes[$0].operation is any LeafPrimitive)
    }
    leaves = remaining.filter { graph.nodes[$0].operation is any LeafPrimitive }
    slicesInPlace = options.readsSlicesInPlace ? Self.slices(of: needed, in: graph, but: roots) : []
    for id in remaining {
      guard let values = constants[id] else { continue }
      constantOffsets[id] = constantPool.count * MemoryLayout<Scalar>.stride
      constantPool += values
      let unit = MemoryPlan.alignment / MemoryLayout<Scalar>.stride
      constantPool += [Scalar](repeating: 0, count: (unit - constantPool.count % unit) % unit)
    }
  }

  /// What the roots need, in the graph's order; `stops` says where not to look further.
  private static func reachable(
    from roots: [NodeID], in graph: Graph, stops: (NodeID) -> Bool
  ) -> [NodeID] {
    var seen: Set<NodeID> = []
    var open = roots
    while let id = open.popLast() {
      if seen.insert(id).inserted, !stops(id) { open += graph.nodes[id].inputs }
    }
    return seen.sorted()
  }

  // MARK: Nodes

  func stateName(_ id: NodeID) -> String? {
    (graph.nodes[id].operation as? StateLeaf)?.stateName
  }

  func bytes(_ id: NodeID) -> Int {
    graph.nodes[id].shape.count * graph.nodes[id].type.size(real: MemoryLayout<Scalar>.stride)
  }

  /// What a unit reads from outside itself, in order, without repetition.
  func operands(of unit: [NodeID]) -> [NodeID] {
    var seen = Set(unit)
    return unit.flatMap { graph.nodes[$0].inputs }.filter { seen.insert($0).inserted }
  }

  /// What later steps or the caller read of a unit.
  func results(of unit: [NodeID]) -> [NodeID] {
    unit.filter { lastUse[$0] != nil }
  }

  // MARK: Schedule

  /// Orders the work, and notes when each value is made and last read.
  mutating func schedule() {
    let changing = Set(updates.map(\.state))
    let snapshotRoots = outputs.values.map(base) + updates.map { base($0.value) }
    snapshots = Set(snapshotRoots.filter(changing.contains))
    works = snapshots.sorted().map { .copy(from: $0, toState: nil) }
    for (index, id) in snapshots.sorted().enumerated() { computedAt[id] = index }
    for unit in units() {
      for id in unit { computedAt[id] = works.count }
      works.append(.nodes(unit))
    }
    for (step, work) in works.enumerated() {
      guard case .nodes(let unit) = work else { continue }
      for operand in operands(of: unit) { lastUse[base(operand)] = step }
    }
    for id in outputs.values { lastUse[base(id)] = .max }
    // A kernel writes its result even if that is only waited for.
    for (step, work) in works.enumerated() {
      guard case .nodes(let unit) = work, graph.nodes[unit[0]].operation is any KernelPrimitive,
        let result = unit.last, lastUse[result] == nil
      else { continue }
      lastUse[result] = step
    }
  }

  // MARK: Updates

  /// Computes new states in place where that is safe; copies them at the end elsewhere.
  mutating func placeUpdates() {
    for update in updates {
      guard let name = stateName(update.state) else { continue }
      let value = base(update.value)
      if canReplace(update.state, with: value) {
        inState[value] = name
        lastUse[value] = max(lastUse[value] ?? 0, computedAt[value] ?? 0)
      } else {
        works.append(.copy(from: value, toState: name))
        lastUse[value] = .max
      }
    }
  }

  /// Whether the step that makes `value` may write it over `state`: nothing reads the state
  /// afterwards, and the step itself reads it only at the very place that it writes.
  private func canReplace(_ state: NodeID, with value: NodeID) -> Bool {
    guard options.updatesInPlace, let step = computedAt[value], inState[value] == nil,
      !snapshots.contains(value), case .nodes(let unit) = works[step],
      lastUse[state] ?? -1 <= step
    else { return false }
    let reads = operands(of: unit).filter { base($0) == state }
    if reads.isEmpty { return true }
    return graph.nodes[unit[0]].operation is any ElementwisePrimitive && reads.count == 1
      && graph.nodes[reads[0]].shape == graph.nodes[value].shape
  }
}
