/// A recording of operations on tensors. Tensors made from a graph add to it; `compile` turns the
/// part that named results and updates need into a `Program`.
///
/// A graph is not `Sendable`: tracing stays in one task, what comes out is a value.
public final class Graph {
  /// The place of a node in the graph; operands always come before what uses them.
  typealias NodeID = Int

  struct Node {
    let operation: any Primitive
    let inputs: [NodeID]
    let shape: Shape
    let type: ElementType
    /// The layer in which the node was traced, such as "encoder.0"; empty outside any.
    let scope: String
  }

  /// A state that the program overwrites at its end with the value of a node.
  struct Update {
    let state: NodeID
    let value: NodeID
  }

  /// A layer as it was traced.
  public struct TracedLayer: Sendable, Hashable {
    /// Where it sits, such as "decoder.2".
    public let path: String
    /// Its type's name.
    public let kind: String
    /// The shape of its result, with the batch.
    public let outputShape: Shape
    /// Its result, and the nodes that were added while it was traced.
    let result: NodeID
    let nodes: Range<NodeID>
  }

  /// Rewrites done while tracing; each can be switched off, for tests.
  public struct Options: Sendable {
    /// Equal operations on equal operands become one node.
    public var sharesSubexpressions = true
    /// `x + 0`, `x * 1`, a reshape of a reshape and the like are not recorded.
    public var simplifies = true
    /// All rewrites on.
    public init() {}
  }

  private struct Key: Hashable {
    let operation: AnyHashable
    let inputs: [NodeID]
  }

  private(set) var nodes: [Node] = []
  private(set) var updates: [Update] = []
  private(set) var stateNodes: [String: NodeID] = [:]
  private var inputNodes: [String: NodeID] = [:]
  /// The layers traced so far; an outer one follows those inside it.
  public private(set) var layers: [TracedLayer] = []
  /// The first mistake made while tracing; compiling throws it.
  private(set) var error: ShapeError?
  let options: Options
  private var known: [Key: NodeID] = [:]
  private var streams: Set<String> = []
  private let streamPrefix: String
  /// The states that gradients were built for.
  private(set) var differentiatedStates: Set<String> = []
  /// What `Workspace.watch` sees, in the order it was marked.
  private(set) var marks: [(mark: Mark, node: NodeID)] = []
  private var scope: [String] = []
  private var keepsUpdates = true
  /// While trying: what each state stands for, and the other way round.
  private var tried: [NodeID: NodeID]?
  private var triedStates: [NodeID: NodeID] = [:]
  /// Where given, updates happen only where it is not 0.
  private var updateCondition: Tensor?

  /// An empty graph.
  ///
  /// - Parameter streams: what the names of its random streams begin with, so that programs which run
  ///   at the same step draw numbers of their own.
  public init(options: Options = Options(), streams: String = "") {
    self.options = options
    streamPrefix = streams
  }

  /// A copy of a graph in which node `replacements[i]` is read wherever node i was.
  init(_ original: Graph, reading replacements: [NodeID]) {
    options = original.options
    streamPrefix = original.streamPrefix
    stateNodes = original.stateNodes
    differentiatedStates = original.differentiatedStates
    marks = original.marks.map { ($0.mark, replacements[$0.node]) }
    nodes = original.nodes.map { node in
      Node(
        operation: node.operation, inputs: node.inputs.map { replacements[$0] },
        shape: node.shape, type: node.type, scope: node.scope)
    }
    updates = original.updates.map {
      Update(state: $0.state, value: replacements[$0.value])
    }
  }

  /// Names the layer in which `body` traces, for errors and listings.
  public func scoped<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    scope.append(name)
    defer { scope.removeLast() }
    return try body()
  }

  /// Traces one layer under a name, and notes its kind and the shape of what it gives.
  public func layer(_ name: String, kind: String, _ body: () -> Tensor) -> Tensor {
    scoped(name) {
      let start = nodes.count
      let result = body()
      let path = scope.joined(separator: ".")
      layers.append(
        TracedLayer(
          path: path, kind: kind, outputShape: result.shape, result: result.id,
          nodes: start..<nodes.count))
      mark(result, as: Mark(.activation, of: path, kind: kind))
      return result
    }
  }

  /// Adds an operation and gives its result. A mistake in shapes or types is kept, and thrown when
  /// the graph is compiled; until then the result is a tensor of unknown shape.
  func apply(_ operation: any Primitive, to inputs: [Tensor]) -> Tensor {
    for input in inputs {
      precondition(input.graph === self, "\(operation.name): an operand belongs to another graph")
      if input.shape.isUnknown { return input }
    }
    let inputs = options.simplifies ? withoutNeedlessBroadcasts(operation, inputs) : inputs
    do throws(ShapeError) {
      let types = inputs.map(\.type)
      let type = try operation.type(of: types)
      let shape = try Shape(
        checking: operation.shape(of: inputs.map(\.shape)).dimensions, for: operation.name)
      guard shape.rank <= Shape.maximumRank else {
        throw ShapeError(
          operation.name, "\(shape) has more than \(Shape.maximumRank) axes; merge some")
      }
      return add(operation, inputs.map(\.id), shape, type)
    } catch {
      return fail(error)
    }
  }

  /// Element-wise operations stretch their operands themselves: one that is stretched already is
  /// read from its source, where the others still give the result its shape.
  private func withoutNeedlessBroadcasts(
    _ operation: any Primitive, _ inputs: [Tensor]
  ) -> [Tensor] {
    guard operation is any ElementwisePrimitive, inputs.count > 1 else { return inputs }
    let sources = inputs.map { $0.operation is Broadcast ? $0.inputs[0] : $0 }
    return Shape.broadcast(sources.map(\.shape)) == Shape.broadcast(inputs.map(\.shape))
      ? sources : inputs
  }

  /// Keeps a mistake to be thrown when the graph is compiled.
  func fail(_ error: ShapeError) -> Tensor {
    if self.error == nil { self.error = error.within(scope.joined(separator: ".")) }
    nodes.append(
      Node(
        operation: Constant(values: [.nan], shape: []), inputs: [], shape: .unknown, type: .real,
        scope: ""))
    return Tensor(graph: self, id: nodes.count - 1)
  }

  private func add(
    _ operation: any Primitive, _ inputs: [NodeID], _ shape: Shape, _ type: ElementType
  ) -> Tensor {
    let key = Key(operation: AnyHashable(operation), inputs: inputs)
    if options.sharesSubexpressions, let id = known[key] { return Tensor(graph: self, id: id) }
    nodes.append(
      Node(
        operation: operation, inputs: inputs, shape: shape, type: type,
        scope: scope.joined(separator: ".")))
    known[key] = nodes.count - 1
    return Tensor(graph: self, id: nodes.count - 1)
  }

  // MARK: Leaves

  /// A tensor whose value is given at each run, by name. Asked for twice, it is the same tensor.
  public func input(_ name: String, shape: Shape, type: ElementType = .real) -> Tensor {
    if let id = inputNodes[name] {
      precondition(
        nodes[id].shape == shape && nodes[id].type == type, "input \(name) has two shapes or types")
      return Tensor(graph: self, id: id)
    }
    let tensor = apply(Input(inputName: name, shape: shape, elementType: type), to: [])
    inputNodes[name] = tensor.id
    return tensor
  }

  /// A real tensor that the workspace keeps between runs, by name: a parameter, a moment of an
  /// optimiser, a running statistic. Asked for twice, it is the same tensor.
  public func state(_ name: String, initial: TensorValue<Float>) -> Tensor {
    if let id = stateNodes[name] {
      precondition(nodes[id].shape == initial.shape, "state \(name) has two shapes")
      return Tensor(graph: self, id: tried?[id] ?? id)
    }
    let tensor = apply(StateLeaf(stateName: name, initial: initial), to: [])
    stateNodes[name] = tensor.id
    return tensor
  }

  /// A scalar that is given from outside, by name, and holds until it is given anew: the workspace
  /// keeps it like a state, but it is none, so that nobody saves it.
  public func setting(_ name: String, initial: Float) -> Tensor {
    if let id = stateNodes[name] { return Tensor(graph: self, id: id) }
    let tensor = apply(
      StateLeaf(
        stateName: name, initial: TensorValue(repeating: initial, shape: []), isSetting: true),
      to: [])
    stateNodes[name] = tensor.id
    return tensor
  }

  /// Names a tensor for who watches the program. Programs compute the same, and as fast, with marks as
  /// without them.
  public func mark(_ tensor: Tensor, as mark: Mark) {
    if tried == nil, !tensor.shape.isUnknown { marks.append((mark, tensor.id)) }
  }

  /// A tensor of fixed values in row-major order.
  public func constant(_ values: [Double], shape: Shape) -> Tensor {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    return apply(Constant(values: values, shape: shape), to: [])
  }

  /// A scalar constant.
  public func constant(_ value: Double) -> Tensor {
    constant([value], shape: [])
  }

  /// The program's last act on `state` is to overwrite it with `value`.
  public func update(_ state: Tensor, to value: Tensor) {
    precondition(state.graph === self && value.graph === self, "update: a tensor of another graph")
    let leaf = triedStates[state.id] ?? state.id
    precondition(nodes[leaf].operation is StateLeaf, "only a state can be updated")
    if value.shape.isUnknown || !keepsUpdates { return }
    guard state.shape == value.shape, value.type == .real else {
      _ = fail(
        ShapeError(
          "update",
          "a state of shape \(state.shape) cannot hold \(value.type) numbers of \(value.shape)"))
      return
    }
    let value = updateCondition.map { $0.select(value, state) } ?? value
    if tried != nil {
      precondition(triedStates[value.id] ?? leaf == leaf, "two states become the same tensor")
      tried?[leaf] = value.id
      triedStates[value.id] = leaf
    } else {
      updates.removeAll { $0.state == leaf }
      updates.append(Update(state: leaf, value: value.id))
    }
  }

  /// Traces `body` in a world where each update takes place at once, and nowhere else: states are
  /// what they were updated to, the program does not overwrite them, and gradients flow through the
  /// updates.
  public func trying<Result>(_ body: () throws -> Result) rethrows -> Result {
    precondition(tried == nil, "a trial within a trial")
    tried = [:]
    defer {
      tried = nil
      triedStates = [:]
    }
    return try body()
  }

  /// Traces `body` so that its updates happen only in runs where a scalar is not 0; nil for all runs.
  public func updating<Result>(where condition: Tensor?, _ body: () throws -> Result) rethrows
    -> Result
  {
    precondition(updateCondition == nil, "a condition within a condition")
    updateCondition = condition
    defer { updateCondition = nil }
    return try body()
  }

  /// Keeps in mind that a gradient with respect to a state was built.
  func note(differentiated state: String) { differentiatedStates.insert(state) }

  /// Traces `body` without the updates that it adds: a network that runs there keeps what it has, its
  /// running statistics too.
  public func withoutUpdates<Result>(_ body: () throws -> Result) rethrows -> Result {
    let kept = keepsUpdates
    keepsUpdates = false
    defer { keepsUpdates = kept }
    return try body()
  }

  /// What a state will hold after the updates traced so far: itself when there is none of it.
  public func latest(_ state: Tensor) -> Tensor {
    updates.last { $0.state == state.id }.map { Tensor(graph: self, id: $0.value) } ?? state
  }

  /// A name for a random operation's stream that no other operation of this graph has.
  func uniqueStream(_ name: String) -> String {
    let name = streamPrefix.isEmpty ? name : "\(streamPrefix) \(name)"
    var unique = name
    var count = 0
    while !streams.insert(unique).inserted {
      count += 1
      unique = "\(name)#\(count)"
    }
    return unique
  }
}
