import TensorEngine

/// A value type with parameters: a layer or a network of layers. Its list of fields says once what
/// it holds; walking, naming, counting, saving and copying all follow from it.
///
///     struct Head: Module {
///       var mean: Dense
///       var logVariance: Dense
///       static var fields: [Field<Head>] {
///         [.module("mean", \.mean), .module("logVariance", \.logVariance)]
///       }
///     }
public protocol Module: Sendable {
  /// The parameters and modules inside, in order.
  static var fields: [Field<Self>] { get }

  /// Visits every parameter and running statistic in the order of the fields, with its path below
  /// `path`.
  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void)
}

/// A part of a module: its name in paths, and how to walk it.
public struct Field<Root>: Sendable {
  /// The name in paths, such as "weight".
  public let name: String
  let walk: @Sendable (inout Root, String, (String, inout Parameter) -> Void) -> Void

  /// A parameter or a running statistic.
  public static func parameter(
    _ name: String, _ path: any WritableKeyPath<Root, Parameter> & Sendable
  ) -> Field {
    Field(name: name) { root, place, visit in visit(place, &root[keyPath: path]) }
  }

  /// A parameter that a module may lack, such as a bias.
  public static func parameter(
    _ name: String, _ path: any WritableKeyPath<Root, Parameter?> & Sendable
  ) -> Field {
    Field(name: name) { root, place, visit in
      guard var parameter = root[keyPath: path] else { return }
      visit(place, &parameter)
      root[keyPath: path] = parameter
    }
  }

  /// A module.
  public static func module<Part: Module>(
    _ name: String, _ path: any WritableKeyPath<Root, Part> & Sendable
  ) -> Field {
    Field(name: name) { root, place, visit in
      root[keyPath: path].walkParameters(at: place, visit)
    }
  }
}

/// The path of a part: "decoder" and "3" give "decoder.3", and "3" where the path is empty.
func partPath(_ path: String, _ part: String) -> String {
  path.isEmpty ? part : "\(path).\(part)"
}

extension Module {
  /// Visits the parameters of each field.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    for field in Self.fields {
      field.walk(&self, partPath(path, field.name), visit)
    }
  }

  /// All parameters and running statistics with their paths, in order.
  public func states(at path: String = "") -> [(path: String, parameter: Parameter)] {
    var found: [(String, Parameter)] = []
    var copy = self
    copy.walkParameters(at: path) { path, parameter in found.append((path, parameter)) }
    return found
  }

  /// All parameters that are trained, with their paths, in order.
  public func parameters(at path: String = "") -> [(path: String, parameter: Parameter)] {
    states(at: path).filter(\.parameter.isTrained)
  }

  /// The number of numbers in all parameters that are trained.
  public var parameterCount: Int {
    parameters().map(\.parameter.shape.count).reduce(0, +)
  }

  /// The tensors of a bound module's parameters, with their names, in order. Ask for gradients of
  /// some of them and the others are frozen.
  public func tensors(in graph: Graph) -> [(name: String, tensor: Tensor)] {
    parameters().map { ($0.parameter.boundName, graph[$0.parameter]) }
  }

  /// Moves every parameter and running statistic towards another module's of the same layout:
  /// self = (1 - tau) · self + tau · other. With tau 1 the numbers become the other's.
  public mutating func move(toward other: Self, tau: Float) {
    let targets = other.states()
    var index = 0
    walkParameters(at: "") { path, parameter in
      precondition(
        index < targets.count && targets[index].parameter.shape == parameter.shape,
        "the modules differ at '\(path)'")
      let target = targets[index].parameter.value.scalars
      parameter.value.scalars = zip(parameter.value.scalars, target).map {
        (1 - tau) * $0 + tau * $1
      }
      index += 1
    }
    precondition(index == targets.count, "the modules differ in their number of parameters")
  }
}

/// Whether a network is being trained or used. Layers that differ are told at each call.
public enum Mode: Sendable, Hashable {
  case training
  case inference
}

/// A module that maps one tensor to one tensor.
public protocol Layer: Module {
  /// Applies the layer.
  func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor
  /// What it is called in tables of layers, such as "Dense".
  var kind: String { get }
}

extension Layer {
  /// The type's name, without what it is generic over.
  public var kind: String { String("\(Self.self)".prefix { $0 != "<" }) }
}

extension Array: Module where Element: Module {
  /// An array has elements instead, named by their place.
  public static var fields: [Field<[Element]>] { [] }

  /// Visits each element's parameters under its place.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    for index in indices {
      self[index].walkParameters(at: partPath(path, "\(index)"), visit)
    }
  }
}

extension Array: Layer where Element: Layer {
  /// Applies the layers one after another.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    var y = x
    for (index, layer) in enumerated() {
      y = y.graph.layer("\(index)", kind: layer.kind) { layer(y, mode: mode) }
    }
    return y
  }
}
