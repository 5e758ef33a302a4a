import Randomness
import TensorEngine

/// A convolution of lines [N, inChannels, extent] to [N, outChannels, W'] whose weights differ from
/// place to place, then an activation. It has no padding.
public struct LocallyConnected1D: Layer {
  /// [W', outChannels, inChannels · kernelSize]
  public var weight: Parameter
  /// [outChannels, W']
  public var bias: Parameter?
  /// Places of a window.
  public let kernelSize: Int
  /// Distance between neighbouring windows.
  public let stride: Int
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<LocallyConnected1D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer for lines of one length, with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - extent: places of a line; at least `kernelSize`.
  ///   - usesBias: whether a number is added to each channel at each place.
  public init(
    _ inChannels: Int, _ outChannels: Int, extent: Int, kernelSize: Int, stride: Int = 1,
    activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    let places = windowCount(over: extent, kernelSize: kernelSize, stride: stride)
    weight = untiedWeight([places, outChannels, inChannels * kernelSize], initializer, &random)
    bias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [outChannels, places])) : nil
    self.kernelSize = kernelSize
    self.stride = stride
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard x.rank == 3 else { return x.failing(kind, "no axis of places; expects [N, C, W]") }
    let sum = x.windows(kernelSize: kernelSize, stride: stride).untied(by: x.graph[weight])
    return activation(bias.map { sum + x.graph[$0] } ?? sum)
  }
}

/// A convolution of images [N, inChannels, height, width] to [N, outChannels, H', W'] whose weights
/// differ from place to place, then an activation. It has no padding.
public struct LocallyConnected2D: Layer {
  /// [H' · W', outChannels, inChannels · kernelSize · kernelSize]
  public var weight: Parameter
  /// [outChannels, H', W']
  public var bias: Parameter?
  /// The windows' height and width, in pixels.
  public let kernelSize: Int
  /// Distance between neighbouring windows.
  public let stride: Int
  /// H' and W'.
  private let windows: [Int]
  /// What follows the sum.
  public var activation: Activation

  /// The parameters.
  public static let fields: [Field<LocallyConnected2D>] = [
    .parameter("weight", \.weight), .parameter("bias", \.bias),
  ]

  /// A layer for images of one size, with freshly drawn weights and a bias of zeros.
  ///
  /// - Parameters:
  ///   - height: rows of an image; at least `kernelSize`, as is `width`.
  ///   - usesBias: whether a number is added to each channel at each place.
  public init(
    _ inChannels: Int, _ outChannels: Int, height: Int, width: Int, kernelSize: Int,
    stride: Int = 1, activation: Activation = .identity, usesBias: Bool = true,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    windows = [height, width].map {
      windowCount(over: $0, kernelSize: kernelSize, stride: stride)
    }
    weight = untiedWeight(
      [windows[0] * windows[1], outChannels, inChannels * kernelSize * kernelSize], initializer,
      &random)
    bias =
      usesBias ? Parameter(TensorValue(repeating: 0, shape: Shape([outChannels] + windows))) : nil
    self.kernelSize = kernelSize
    self.stride = stride
    self.activation = activation
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard x.rank == 4 else { return x.failing(kind, "no pixels; expects [N, C, H, W]") }
    let sum = x.windows(kernelSize: kernelSize, stride: stride).untied(by: x.graph[weight])
      .reshaped(to: Shape([x.shape[0], weight.shape[1]] + windows))
    return activation(bias.map { sum + x.graph[$0] } ?? sum)
  }
}

private func windowCount(over extent: Int, kernelSize: Int, stride: Int) -> Int {
  precondition(
    kernelSize > 0 && stride > 0 && extent >= kernelSize,
    "a window of \(kernelSize) over \(extent) places")
  return (extent - kernelSize) / stride + 1
}

/// A weight [places, outChannels, inputs of a window].
private func untiedWeight(
  _ shape: Shape, _ initializer: Initializer, _ random: inout RandomStream
) -> Parameter {
  Parameter(initializer(shape, .dense([shape[1], shape[2]]), &random))
}

extension Tensor {
  /// What lies under each window over [N, C, ...]: [places, N, C · taps], the taps of a channel one
  /// after another.
  fileprivate func windows(kernelSize: Int, stride: Int) -> Tensor {
    let axes = rank - 2
    let extents = shape.dimensions.dropFirst(2).map { ($0 - kernelSize) / stride + 1 }
    if shape.dimensions.dropFirst(2).contains(where: { $0 < kernelSize }) {
      return failing("windows", "no window of \(kernelSize) places")
    }
    let count = (0..<axes).reduce(1) { count, _ in count * kernelSize }
    let taps = (0..<count).map { tap in
      let offsets = axes == 1 ? [tap] : [tap / kernelSize, tap % kernelSize]
      return sliced(
        starts: [0, 0] + offsets, extents: [shape[0], shape[1]] + extents,
        steps: [1, 1] + Array(repeating: stride, count: axes)
      ).flattened(from: 2)
    }
    // [N, C, taps, places] to [places, N, C, taps].
    return .stack(taps, axis: 2).transposed([3, 0, 1, 2]).flattened(from: 2)
  }

  /// [places, N, inputs] times a weight [places, outputs, inputs], as [N, outputs, places].
  fileprivate func untied(by weight: Tensor) -> Tensor {
    let products = matmul(weight.transposed())
    return products.shape.dimensions.count == 3 ? products.transposed([1, 2, 0]) : products
  }
}
