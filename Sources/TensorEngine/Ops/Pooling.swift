import CVectorMath

/// The window of a pooling: its size, how far it steps and what surrounds the image. Each list has
/// one number per axis, or a single one for all of them.
public struct PoolingWindow: Hashable, Sendable {
  /// Places of the window.
  public var size: [Int]
  /// Distance between neighbouring windows.
  public var stride: [Int]
  /// Places around the image that belong to no pixel, at most half a window at each side.
  public var padding: Padding
  /// Whether a last window that hangs over the end counts (PyTorch's `ceil_mode`).
  public var roundsUp: Bool

  /// A window that steps by its own size unless a stride is given.
  public init(
    _ size: [Int], stride: [Int]? = nil, padding: Padding = .valid, roundsUp: Bool = false
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.roundsUp = roundsUp
  }

  /// A window with the same size and stride along each axis.
  public init(_ size: Int, stride: Int? = nil, padding: Padding = .valid) {
    self.init([size], stride: [stride ?? size], padding: padding)
  }
}

/// A pooling window over images of one shape: one number per axis each.
struct PoolingGeometry: Hashable, Sendable {
  let size: [Int]
  let stride: [Int]
  let before: [Int]
  let after: [Int]
  let roundsUp: Bool

  init(_ window: PoolingWindow, over image: Shape, _ name: String) throws(ShapeError) {
    let extents = Array(image.dimensions.dropFirst(2))
    guard (1...3).contains(extents.count) else {
      throw ShapeError(
        name, "expects images [N, C, W], [N, C, H, W] or [N, C, D, H, W], got \(image)")
    }
    guard let size = window.size.perAxis(extents.count),
      let stride = window.stride.perAxis(extents.count),
      (size + stride).allSatisfy(Padding.steps.contains)
    else {
      throw ShapeError(
        name,
        "window \(window.size) and stride \(window.stride) need a number from 1 on for each "
          + "of the \(extents.count) axes of \(image)")
    }
    guard let (before, after) = window.padding.sides(extents, reach: size, stride: stride),
      zip(before + after, size + size).allSatisfy({ $0 >= 0 && $0 <= $1 / 2 })
    else {
      throw ShapeError(
        name,
        "\(window.padding) around the \(extents.count) axes of \(image) is more than half "
          + "the window \(size), or not one number per axis")
    }
    (self.size, self.stride, self.before, self.after) = (size, stride, before, after)
    roundsUp = window.roundsUp
  }

  /// The result's shape for images of a shape.
  func result(_ image: Shape, _ name: String) throws(ShapeError) -> Shape {
    guard image.rank == size.count + 2 else {
      throw ShapeError(name, "expects images of \(size.count + 2) axes, got \(image)")
    }
    var result = Array(image.dimensions[..<2])
    for axis in size.indices {
      let extent = image[axis + 2]
      let room = extent + before[axis] + after[axis] - size[axis]
      guard extent > 0, room >= 0 else {
        throw ShapeError(name, "a window of \(size) does not fit \(image)")
      }
      let windows = (roundsUp ? room + stride[axis] - 1 : room) / stride[axis] + 1
      let startsInside = (windows - 1) * stride[axis] < extent + before[axis]
      result.append(startsInside ? windows : windows - 1)
    }
    return Shape(result)
  }
}

/// The largest element under each window.
struct MaxPool: KernelPrimitive {
  static let name = "maxPool"
  let geometry: PoolingGeometry

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try geometry.result(inputs[0], name)
  }
  /// The cotangent goes to the first of the largest elements.
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let image = context.inputs[0]
    return context.cotangent.maxUnpooled(
      to: Array(image.shape.dimensions.dropFirst(2)),
      at: context.graph.apply(MaxPoolIndices(geometry: geometry), to: [image]))
  }
  func work(inputs: [Shape], output: Shape) -> Int { output.count * geometry.size.reduce(1, *) }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .maxPool(window(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .maxPool(window(call), call)
  }
  private func window(_ call: KernelCall) -> vm_window {
    vm_window(geometry, image: call.inputs[0], result: call.output)
  }
}

/// Where the largest element under each window is: the first of equals, as its place among the
/// pixels of its image and channel in row-major order.
struct MaxPoolIndices: KernelPrimitive {
  static let name = "maxPoolIndices"
  let geometry: PoolingGeometry

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let result = try geometry.result(inputs[0], name)
    guard inputs[0].dimensions.dropFirst(2).reduce(1, *) <= Int(Int32.max) else {
      throw ShapeError(name, "\(inputs[0]) has more pixels than positions count")
    }
    return result
  }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    _ = try MaxPool(geometry: geometry).type(of: inputs)
    return .index
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func work(inputs: [Shape], output: Shape) -> Int { output.count * geometry.size.reduce(1, *) }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .maxPoolIndices(window(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .maxPoolIndices(window(call), call)
  }
  private func window(_ call: KernelCall) -> vm_window {
    vm_window(geometry, image: call.inputs[0], result: call.output)
  }
}

/// The mean of the elements under each window.
struct AveragePool: KernelPrimitive {
  static let name = "averagePool"
  let geometry: PoolingGeometry
  /// Whether padded places count as zeros, or not at all.
  let countsPadding: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try geometry.result(inputs[0], name)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(
      AveragePoolGradient(
        geometry: geometry, countsPadding: countsPadding, image: context.inputs[0].shape),
      to: [context.cotangent])
  }
  func work(inputs: [Shape], output: Shape) -> Int { output.count * geometry.size.reduce(1, *) }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .averagePool(window(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .averagePool(window(call), call)
  }
  private func window(_ call: KernelCall) -> vm_window {
    vm_window(geometry, image: call.inputs[0], result: call.output, countsPadding: countsPadding)
  }
}

/// The gradient of an average pooling: each number goes to the pixels under its window, in equal
/// parts.
struct AveragePoolGradient: KernelPrimitive {
  static let name = "averagePoolGradient"
  let geometry: PoolingGeometry
  let countsPadding: Bool
  /// The shape of the images.
  let image: Shape

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard try geometry.result(image, name) == inputs[0] else {
      throw ShapeError(name, "windows over \(image) do not give \(inputs[0])")
    }
    return image
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    context.graph.apply(
      AveragePool(geometry: geometry, countsPadding: countsPadding), to: [context.cotangent])
  }
  func work(inputs: [Shape], output: Shape) -> Int { inputs[0].count * geometry.size.reduce(1, *) }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .averagePoolGradient(window(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .averagePoolGradient(window(call), call)
  }
  private func window(_ call: KernelCall) -> vm_window {
    vm_window(geometry, image: call.output, result: call.inputs[0], countsPadding: countsPadding)
  }
}
