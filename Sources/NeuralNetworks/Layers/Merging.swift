import Randomness
import TensorEngine

/// What several layers make of the same tensor, added up.
public struct Add<each Branch: Layer>: Layer {
  /// The layers, under their places.
  private var base: Sequential<repeat each Branch>

  /// Layers whose results have one shape.
  public init(_ branches: repeat each Branch) {
    base = Sequential(repeat each branches)
  }

  /// Its layers are walked by their place instead.
  public static var fields: [Field<Self>] { [] }

  /// Visits each layer's parameters under its place.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    base.walkParameters(at: path, visit)
  }

  /// Applies all layers to x and adds what they give.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let results = base.branched(x, mode: mode)
    return results.dropFirst().reduce(results.first ?? x) { sum, result in
      if !sum.shape.dimensions.isEmpty, sum.shape != result.shape {
        return result.failing(kind, "another shape than \(sum.shape)")
      }
      return sum + result
    }
  }
}

/// What several layers make of the same tensor, laid end to end along an axis.
public struct Concatenate<each Branch: Layer>: Layer {
  /// The layers, under their places.
  private var base: Sequential<repeat each Branch>
  /// The axis; negative ones count from the end.
  public let axis: Int

  /// Layers whose results differ along the axis only.
  ///
  /// - Parameter axis: along which the results are laid; 1 is that of channels and features.
  public init(_ branches: repeat each Branch, axis: Int = 1) {
    base = Sequential(repeat each branches)
    self.axis = axis
  }

  /// Its layers are walked by their place instead.
  public static var fields: [Field<Self>] { [] }

  /// Visits each layer's parameters under its place.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    base.walkParameters(at: path, visit)
  }

  /// Applies all layers to x and lays what they give end to end.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let results = base.branched(x, mode: mode)
    return results.isEmpty ? x : .concatenate(results, axis: axis)
  }
}

/// A layer that learns what to add: y = shortcut(x) + layer(x) (He et al., "Deep residual learning
/// for image recognition", 2016).
public struct Residual<Base: Layer, Shortcut: Layer>: Layer {
  /// What is learnt.
  public var layer: Base
  /// What it is added to; the identity, or what gives x the shape of the layer's result.
  public var shortcut: Shortcut

  /// The two layers.
  public static var fields: [Field<Residual>] {
    [.module("layer", \.layer), .module("shortcut", \.shortcut)]
  }

  /// A layer, and a shortcut past it that gives the same shape.
  public init(_ layer: Base, shortcut: Shortcut) {
    self.layer = layer
    self.shortcut = shortcut
  }

  /// A layer that keeps the shape.
  public init(_ layer: Base) where Shortcut == Activation {
    self.init(layer, shortcut: .identity)
  }

  /// Applies the layer and adds the shortcut.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let graph = x.graph
    let y = graph.layer("layer", kind: layer.kind) { layer(x, mode: mode) }
    let past = graph.layer("shortcut", kind: shortcut.kind) { shortcut(x, mode: mode) }
    if past.shape != y.shape, !y.shape.dimensions.isEmpty {
      return past.failing(kind, "another shape than the layer's result, \(y.shape)")
    }
    return past + y
  }
}

/// Windows of several sizes side by side: convolutions of 1, 3 and 5 pixels, the larger two behind one
/// of 1 that makes channels fewer, and a maximum of 3, laid end to end along the channels (Szegedy et
/// al., "Going deeper with convolutions", 2015). A ReLU follows each convolution.
///
/// [N, inChannels, H, W] to [N, one + three + five + pool, H, W].
public struct InceptionBlock: Layer {
  /// 1 x 1.
  public var branch1: Conv2D
  /// 1 x 1, then 3 x 3.
  public var branch2: [Conv2D]
  /// 1 x 1, then 5 x 5.
  public var branch3: [Conv2D]
  /// 1 x 1 behind the maximum.
  public var branch4: Conv2D

  /// The branches.
  public static let fields: [Field<InceptionBlock>] = [
    .module("branch1", \.branch1), .module("branch2", \.branch2), .module("branch3", \.branch3),
    .module("branch4", \.branch4),
  ]

  /// A block with freshly drawn weights.
  ///
  /// - Parameters:
  ///   - one: channels of the 1 x 1 convolution.
  ///   - three: channels before and of the 3 x 3 convolution.
  ///   - five: channels before and of the 5 x 5 convolution.
  ///   - pool: channels behind the maximum.
  public init(
    _ inChannels: Int, one: Int, three: (reduced: Int, output: Int),
    five: (reduced: Int, output: Int), pool: Int, initializer: Initializer = .heNormal,
    random: inout RandomStream
  ) {
    func convolution(_ inputs: Int, _ outputs: Int, _ size: Int) -> Conv2D {
      Conv2D(
        inputs, outputs, kernelSize: size, .init(padding: size / 2), activation: .relu,
        initializer: initializer, random: &random)
    }
    branch1 = convolution(inChannels, one, 1)
    branch2 = [
      convolution(inChannels, three.reduced, 1), convolution(three.reduced, three.output, 3),
    ]
    branch3 = [convolution(inChannels, five.reduced, 1), convolution(five.reduced, five.output, 5)]
    branch4 = convolution(inChannels, pool, 1)
  }

  /// Applies the block; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let greatest = x.maxPooled(PoolingWindow(3, stride: 1, padding: .explicit([1])))
    return .concatenate(
      [
        branch1(x, mode: mode), branch2(x, mode: mode), branch3(x, mode: mode),
        branch4(greatest, mode: mode),
      ], axis: 1)
  }
}
