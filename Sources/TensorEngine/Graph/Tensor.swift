/// A value in a graph: a small handle, not the numbers. Operators and methods on it record
/// operations; `value` carries them out.
public struct Tensor {
  /// The graph that the tensor belongs to.
  public let graph: Graph
  let id: Graph.NodeID

  /// The extents along each axis.
  public var shape: Shape { graph.nodes[id].shape }
  /// The kind of number.
  public var type: ElementType { graph.nodes[id].type }
  /// The number of axes.
  public var rank: Int { shape.rank }

  var operation: any Primitive { graph.nodes[id].operation }
  var inputs: [Tensor] { graph.nodes[id].inputs.map { Tensor(graph: graph, id: $0) } }

  /// The value of a scalar constant, if this is one.
  var scalarConstant: Double? {
    guard let constant = operation as? Constant, constant.values.count == 1 else { return nil }
    return constant.values[0]
  }

  /// Carries out what this tensor needs and gives its value in single precision. States have
  /// their initial values; an input has none and throws.
  public var value: TensorValue<Float> {
    get throws { try value(as: Float.self) }
  }

  /// Carries out what this tensor needs and gives its value in the asked precision.
  public func value<Scalar: KernelScalar>(as: Scalar.Type) throws -> TensorValue<Scalar> {
    var options = CompileOptions()
    options.includesUpdates = false
    let program = try graph.compile(["value": self], as: Scalar.self, options: options)
    if let name = program.inputs.keys.sorted().first {
      throw ShapeError("value", "input '\(name)' has no value; compile and run a program instead")
    }
    let workspace = Workspace<Scalar>(threads: 1, seed: 0)
    let loaded = workspace.load(program)
    loaded.run(step: 0)
    return loaded["value"]
  }
}
