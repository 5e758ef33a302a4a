import TensorEngine

/// Numbers of a layer that training changes. While a graph is traced, a bound copy of the layer
/// names the graph's state instead.
public struct Parameter: Sendable, Hashable {
  /// The numbers.
  public var value: TensorValue<Float>
  /// Whether an optimiser changes it. A running statistic is saved and restored like a parameter,
  /// but the layer itself keeps it up to date.
  public let isTrained: Bool
  /// The name of the graph's state, once the module is bound.
  public internal(set) var stateName: String?

  /// A parameter, or a running statistic, with its initial value.
  public init(_ value: TensorValue<Float>, isTrained: Bool = true) {
    self.value = value
    self.isTrained = isTrained
  }

  /// The extents along each axis.
  public var shape: Shape { value.shape }

  /// The name of the graph's state; asking for it before the module is bound traps.
  var boundName: String {
    guard let stateName else {
      preconditionFailure("the module is not bound; write graph.bind(module, as: \"name\")")
    }
    return stateName
  }
}

extension Graph {
  /// The tensor of a bound module's parameter.
  public subscript(parameter: Parameter) -> Tensor {
    state(parameter.boundName, initial: parameter.value)
  }

  /// A copy of a module whose parameters are states of this graph, named `name.path.of.parameter`.
  /// Bound under the same name, modules share their states.
  public func bind<Bound: Module>(_ module: Bound, as name: String) -> Bound {
    var bound = module
    bound.walkParameters(at: name) { path, parameter in parameter.stateName = path }
    return bound
  }
}
