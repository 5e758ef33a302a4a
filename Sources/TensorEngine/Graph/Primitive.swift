/// The kind of number a tensor holds.
public enum ElementType: String, Hashable, Sendable {
  /// Float or Double: chosen when the graph is compiled, not when it is traced.
  case real
  /// Int32: positions and classes. Carries no gradient.
  case index
  /// UInt8: data as it comes from a file. Carries no gradient.
  case byte

  /// Bytes per element when `.real` is stored with the given size.
  func size(real: Int) -> Int {
    switch self {
    case .real: real
    case .index: 4
    case .byte: 1
    }
  }
}

/// What a gradient rule sees of the operation it belongs to.
public struct GradientContext {
  /// The gradient of the loss with respect to the operation's result; of the result's shape.
  public let cotangent: Tensor
  /// The operation's operands.
  public let inputs: [Tensor]
  /// The operation's result.
  public let output: Tensor
}

/// One operation of the graph: its name, attributes, shape rule, gradient rule and work. How it is
/// carried out is said by one of the refinements `ElementwisePrimitive`, `KernelPrimitive`,
/// `ViewPrimitive`, `AliasPrimitive` and `LeafPrimitive`.
///
/// Attributes are stored properties; two operations that are equal and have equal operands have
/// equal results.
public protocol Primitive: Hashable, Sendable {
  /// The name in errors, listings and the registry, such as "matmul".
  static var name: String { get }

  /// The shape of the result, or what is wrong with the operands'.
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape

  /// The type of the result, or what is wrong with the operands'. By default all are real.
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType

  /// The cotangent of one operand, or nil when the result does not depend on it smoothly. It may
  /// have the broadcast shape of the result: the reverse pass sums it back to the operand's.
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor?

  /// The cotangents of several operands, as `gradient` gives each; for a rule that makes them
  /// together.
  func gradients(ofInputs indices: [Int], _ context: GradientContext) -> [Tensor?]

  /// Floating-point operations of one evaluation, a multiply-add counting as two.
  func work(inputs: [Shape], output: Shape) -> Int
}

extension Primitive {
  /// The name in errors, listings and the registry.
  public var name: String { Self.name }

  /// By default one by one.
  public func gradients(ofInputs indices: [Int], _ context: GradientContext) -> [Tensor?] {
    indices.map { gradient(ofInput: $0, context) }
  }

  /// By default every operand must be real, and the result is.
  public func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    if let other = inputs.first(where: { $0 != .real }) {
      throw ShapeError(name, "expects real operands, got \(other); convert with real()")
    }
    return .real
  }

  /// By default one operation per element of the result.
  public func work(inputs: [Shape], output: Shape) -> Int { output.count }
}

/// An operation without operands: an input, a state or a constant.
protocol LeafPrimitive: Primitive {}

/// An operation whose result is its first operand's memory under another shape.
protocol ViewPrimitive: Primitive {}

/// An operation whose result is its first operand, to all but the reverse pass. Programs do not
/// know it: what reads the result reads the operand.
protocol AliasPrimitive: Primitive {}

extension AliasPrimitive {
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { inputs[0] }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType { inputs[0] }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

/// An operation carried out by a kernel of its own.
protocol KernelPrimitive: Primitive {
  /// The kernel in single precision. Two concrete requirements, because a generic one behind
  /// `any KernelPrimitive` would run unspecialised.
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float>
  /// The kernel in double precision.
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double>
}

/// An operation whose kernel can add a bias along one axis of the result and take max(x, 0) of it.
protocol FinishedPrimitive: KernelPrimitive {
  /// The axis along which a bias differs, for a result of that rank.
  func biasedAxis(rank: Int) -> Int
}

/// An operation that computes each element of its result from the elements at the same place of
/// its (broadcast) operands. Chains of these run as one kernel, tile by tile.
protocol ElementwisePrimitive: Primitive {
  /// The tile loop in single precision.
  func loop(_: Float.Type) -> TileLoop<Float>
  /// The tile loop in double precision.
  func loop(_: Double.Type) -> TileLoop<Double>
}

extension ElementwisePrimitive {
  /// The broadcast shape of the operands.
  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let shape = Shape.broadcast(inputs) else {
      let list = inputs.map(\.description).joined(separator: " and ")
      throw ShapeError(
        name, "shapes \(list) do not broadcast: aligned at the end, extents must match or be 1")
    }
    return shape
  }
}

/// The shapes and types with which a kernel is called.
struct KernelCall {
  let inputs: [Shape]
  let inputTypes: [ElementType]
  let output: Shape
  var convolutionProvider = ConvolutionProvider.fastest
  /// What is done to the result of a `FinishedPrimitive`; a kernel that does not do it says so.
  var finish: Finish?
}
