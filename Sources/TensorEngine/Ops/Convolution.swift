/// The window of a two-dimensional convolution: how far it steps, what surrounds the image, and
/// how far apart its taps are.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Distance between neighbouring windows, height and width, in pixels.
  public var stride: SIMD2<Int>
  /// Zeros around the image: top, left, bottom, right, in pixels.
  public var padding: SIMD4<Int>
  /// Distance between neighbouring taps, height and width; 1 is a dense kernel.
  public var dilation: SIMD2<Int>
  /// Groups of channels that do not see each other.
  public var groups: Int

  /// A window with the same stride, padding and dilation in both directions.
  public init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    self.stride = SIMD2(repeating: stride)
    self.padding = SIMD4(repeating: padding)
    self.dilation = SIMD2(repeating: dilation)
    self.groups = groups
  }

  /// What is wrong with the window itself, if anything.
  fileprivate func check(_ name: String) throws(ShapeError) {
    guard stride.min() >= 1, dilation.min() >= 1, padding.min() >= 0, groups >= 1 else {
      throw ShapeError(
        name, "stride, dilation and groups are at least 1, padding at least 0; got \(self)")
    }
  }

  /// Whether the window neither skips pixels nor leaves the image, and sees all channels. Its stride
  /// may be any.
  var isPlain: Bool {
    padding == SIMD4(repeating: 0) && dilation == SIMD2(repeating: 1) && groups == 1
      && stride.min() >= 1
  }

  /// The windows along one axis (0 height, 1 width) of `extent` pixels; below 1 when none fits.
  func windows(axis: Int, extent: Int, kernel: Int) -> Int {
    let reach = dilation[axis] * (kernel - 1) + 1
    let room = extent + padding[axis] + padding[axis + 2] - reach
    return room < 0 ? 0 : room / stride[axis] + 1
  }
}

/// Which of images, weights and result a convolution computes from the other two.
enum ConvolutionPass: Hashable, Sendable {
  case forward, imageGradient, weightGradient
}

/// The three passes of a convolution; the gradient of each is made of the other two.
protocol ConvolutionPrimitive: KernelPrimitive {
  var geometry: ConvolutionGeometry { get }
  static var pass: ConvolutionPass { get }
}

extension ConvolutionPrimitive {
  /// The shapes of images, weights and result, whichever of them is computed.
  private func roles(_ inputs: [Shape], _ output: Shape) -> (Shape, Shape, Shape) {
    switch Self.pass {
    case .forward: (inputs[0], inputs[1], output)
    case .imageGradient: (output, inputs[0], inputs[1])
    case .weightGradient: (inputs[0], output, inputs[1])
    }
  }

  func work(inputs: [Shape], output: Shape) -> Int {
    let (_, weight, result) = roles(inputs, output)
    return 2 * result.count * weight.dimensions.dropFirst().reduce(1, *)
  }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    call.convolutionProvider.kernel(Self.pass, window(call), call.finish)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .columnConvolution(Self.pass, window(call))
  }

  private func window(_ call: KernelCall) -> ConvolutionWindow {
    let (image, weight, result) = roles(call.inputs, call.output)
    return ConvolutionWindow(geometry, image: image, weight: weight, result: result)
  }
}

/// Convolution (cross-correlation): images [N, C, H, W] and weights [O, C / groups, kH, kW] give
/// [N, O, H', W'].
struct Convolution: ConvolutionPrimitive, FinishedPrimitive {
  static let name = "conv2d"
  static let pass = ConvolutionPass.forward
  let geometry: ConvolutionGeometry

  func biasedAxis(rank: Int) -> Int { 1 }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try geometry.check(name)
    let (image, weight) = (inputs[0], inputs[1])
    guard image.rank == 4, weight.rank == 4 else {
      throw ShapeError(
        name, "expects images [N, C, H, W] and weights [O, C, kH, kW], got \(image) and \(weight)")
    }
    guard weight.count > 0 else { throw ShapeError(name, "weights \(weight) are empty") }
    guard weight[1] * geometry.groups == image[1], weight[0] % geometry.groups == 0 else {
      throw ShapeError(
        name,
        "\(image) has \(image[1]) channels, weights \(weight) in \(geometry.groups) groups expect "
          + "\(weight[1] * geometry.groups)")
    }
    let height = geometry.windows(axis: 0, extent: image[2], kernel: weight[2])
    let width = geometry.windows(axis: 1, extent: image[3], kernel: weight[3])
    guard height > 0, width > 0 else {
      throw ShapeError(
        name, "a \(weight[2])x\(weight[3]) window does not fit \(image) with \(geometry)")
    }
    return [image[0], weight[0], height, width]
  }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (image, weight) = (context.inputs[0], context.inputs[1])
    return index == 0
      ? context.graph.apply(
        ConvolutionImageGradient(geometry: geometry, height: image.shape[2], width: image.shape[3]),
        to: [weight, context.cotangent])
      : context.graph.apply(
        ConvolutionWeightGradient(
          geometry: geometry, kernelHeight: weight.shape[2], kernelWidth: weight.shape[3]),
        to: [image, context.cotangent])
  }
}

/// The gradient of a convolution with respect to its images, from weights [O, C / groups, kH, kW]
/// and a cotangent [N, O, H', W']. On its own it is the transposed convolution.
struct ConvolutionImageGradient: ConvolutionPrimitive, FinishedPrimitive {
  static let name = "conv2dImageGradient"
  static let pass = ConvolutionPass.imageGradient
  let geometry: ConvolutionGeometry

  func biasedAxis(rank: Int) -> Int { 1 }
  /// The images' height.
  let height: Int
  /// The images' width.
  let width: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try geometry.check(name)
    let (weight, cotangent) = (inputs[0], inputs[1])
    guard weight.rank == 4, weight.count > 0, cotangent.rank == 4, cotangent[1] == weight[0],
      weight[0] % geometry.groups == 0
    else {
      throw ShapeError(
        name,
        "weights \(weight) in \(geometry.groups) groups do not suit \(cotangent): channels differ")
    }
    guard height > 0, width > 0,
      geometry.windows(axis: 0, extent: height, kernel: weight[2]) == cotangent[2],
      geometry.windows(axis: 1, extent: width, kernel: weight[3]) == cotangent[3]
    else {
      throw ShapeError(
        name, "\(weight) with \(geometry) does not map \(cotangent) to \(height)x\(width)")
    }
    return [cotangent[0], weight[1] * geometry.groups, height, width]
  }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (weight, cotangent) = (context.inputs[0], context.inputs[1])
    return index == 0
      ? context.graph.apply(
        ConvolutionWeightGradient(
          geometry: geometry, kernelHeight: weight.shape[2], kernelWidth: weight.shape[3]),
        to: [context.cotangent, cotangent])
      : context.graph.apply(
        Convolution(geometry: geometry), to: [context.cotangent, weight])
  }
}

/// The gradient of a convolution with respect to its weights, from images [N, C, H, W] and a
/// cotangent [N, O, H', W'].
struct ConvolutionWeightGradient: ConvolutionPrimitive {
  static let name = "conv2dWeightGradient"
  static let pass = ConvolutionPass.weightGradient
  let geometry: ConvolutionGeometry
  let kernelHeight: Int
  let kernelWidth: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try geometry.check(name)
    let (image, cotangent) = (inputs[0], inputs[1])
    guard image.rank == 4, cotangent.rank == 4, image[0] == cotangent[0],
      image[1] % geometry.groups == 0, cotangent[1] % geometry.groups == 0
    else {
      throw ShapeError(
        name, "images \(image) and cotangent \(cotangent) in \(geometry.groups) groups do not suit")
    }
    guard geometry.windows(axis: 0, extent: image[2], kernel: kernelHeight) == cotangent[2],
      geometry.windows(axis: 1, extent: image[3], kernel: kernelWidth) == cotangent[3]
    else {
      throw ShapeError(
        name, "a \(kernelHeight)x\(kernelWidth) window over \(image) does not give \(cotangent)")
    }
    return [cotangent[1], image[1] / geometry.groups, kernelHeight, kernelWidth]
  }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let (image, cotangent) = (context.inputs[0], context.inputs[1])
    return index == 0
      ? context.graph.apply(
        ConvolutionImageGradient(geometry: geometry, height: image.shape[2], width: image.shape[3]),
        to: [context.cotangent, cotangent])
      : context.graph.apply(
        Convolution(geometry: geometry), to: [image, context.cotangent])
  }
}

extension Tensor {
  /// Convolves images [N, C, H, W] with weights [O, C / groups, kH, kW] to [N, O, H', W'], where
  /// H' = (H + padding - dilation · (kH - 1) - 1) / stride + 1.
  public func convolved(with weight: Tensor, _ geometry: ConvolutionGeometry = .init()) -> Tensor {
    if graph.options.simplifies, rank == 4, weight.rank == 4, weight.shape.count > 0,
      geometry.isPlain, shape.dimensions.dropFirst() == weight.shape.dimensions.dropFirst()
    {
      // One window as large as the image: a product.
      let (count, inner) = (weight.shape[0], weight.shape.count / weight.shape[0])
      return reshaped(to: [shape[0], inner])
        .matmul(weight.reshaped(to: [count, inner]).transposed())
        .reshaped(to: [shape[0], count, 1, 1])
    }
    return graph.apply(Convolution(geometry: geometry), to: [self, weight])
  }

  /// The transposed convolution: images [N, C, H, W] and weights [C, O / groups, kH, kW] to
  /// [N, O, H', W'] with H' = (H - 1) · stride - padding + dilation · (kH - 1) + 1 + outputPadding.
  public func convolvedTransposed(
    with weight: Tensor, _ geometry: ConvolutionGeometry = .init(), outputPadding: Int = 0
  ) -> Tensor {
    if shape.isUnknown || weight.shape.isUnknown { return shape.isUnknown ? self : weight }
    guard rank == 4, weight.rank == 4, outputPadding >= 0 else {
      return graph.fail(
        ShapeError(
          "convTranspose2d",
          "expects images [N, C, H, W] and weights [C, O, kH, kW], got \(shape) and "
            + "\(weight.shape)"))
    }
    if graph.options.simplifies, geometry.isPlain, outputPadding == 0, weight.shape.count > 0,
      shape.dimensions.dropFirst() == [weight.shape[0], 1, 1]
    {
      // One pixel of each channel spread over a window: a product.
      let spread = weight.shape.replacing(axis: 0, with: shape[0])
      let (count, inner) = (weight.shape[0], weight.shape.count / weight.shape[0])
      return reshaped(to: [shape[0], count]).matmul(weight.reshaped(to: [count, inner]))
        .reshaped(to: spread)
    }
    func extent(_ axis: Int) -> Int {
      (shape[axis + 2] - 1) * geometry.stride[axis] - geometry.padding[axis]
        - geometry.padding[axis + 2] + geometry.dilation[axis] * (weight.shape[axis + 2] - 1) + 1
        + outputPadding
    }
    return graph.apply(
      ConvolutionImageGradient(geometry: geometry, height: extent(0), width: extent(1)),
      to: [weight, self])
  }
}
