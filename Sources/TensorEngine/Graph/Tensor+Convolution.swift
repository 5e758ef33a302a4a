extension Tensor {
  /// Convolves images [N, C, W], [N, C, H, W] or [N, C, D, H, W] with weights [O, C / groups, k...]
  /// to [N, O, ...].
  ///
  /// - Parameters:
  ///   - stride: distance between neighbouring windows; here and in `dilation` one number per axis
  ///     or one for all.
  ///   - padding: zeros around the images.
  ///   - dilation: distance between neighbouring taps; 1 is a dense kernel.
  ///   - groups: of channels that do not see each other.
  public func convolved(
    with weight: Tensor, stride: [Int] = [1], padding: Padding, dilation: [Int] = [1],
    groups: Int = 1
  ) -> Tensor {
    traced(with: weight) { () throws(ShapeError) -> Tensor in
      let axes = try ConvolutionAxes(
        "conv\(rank - 2)d", shape, weight.shape, stride, dilation, groups)
      return try axes.convolve(self, weight, padding)
    }
  }

  /// The transposed convolution of images [N, C, W], [N, C, H, W] or [N, C, D, H, W] with weights
  /// [C, O / groups, k...]: along each axis (extent - 1) · stride - padding + dilation · (k - 1) + 1
  /// + outputPadding pixels, or extent · stride under the padding `same`.
  ///
  /// - Parameters:
  ///   - stride: distance between what neighbouring pixels add to; here, in `dilation` and in
  ///     `outputPadding` one number per axis or one for all.
  ///   - padding: pixels left out around the result.
  ///   - dilation: distance between neighbouring taps; 1 is a dense kernel.
  ///   - groups: of channels that do not see each other.
  ///   - outputPadding: pixels more at the end of each axis, less than its stride.
  public func convolvedTransposed(
    with weight: Tensor, stride: [Int] = [1], padding: Padding, dilation: [Int] = [1],
    groups: Int = 1, outputPadding: [Int] = [0]
  ) -> Tensor {
    traced(with: weight) { () throws(ShapeError) -> Tensor in
      let axes = try ConvolutionAxes(
        "convTranspose\(rank - 2)d", shape, weight.shape, stride, dilation, groups)
      return try axes.transposedConvolve(self, weight, padding, outputPadding)
    }
  }

  private func traced(
    with weight: Tensor, _ body: () throws(ShapeError) -> Tensor
  ) -> Tensor {
    if shape.isUnknown || weight.shape.isUnknown { return shape.isUnknown ? self : weight }
    do throws(ShapeError) { return try body() } catch { return graph.fail(error) }
  }
}

/// A convolution along one to three axes, made of two-dimensional ones: a line is an image of one
/// row; a volume is convolved slice by slice, and the taps along the depth are added.
private struct ConvolutionAxes {
  let name: String
  let stride: [Int]
  let dilation: [Int]
  let groups: Int
  /// The weights' extents.
  let kernel: [Int]
  /// The images' extents.
  let extents: [Int]
  /// From a window's first to beyond its last tap.
  let reach: [Int]

  init(
    _ name: String, _ image: Shape, _ weight: Shape, _ stride: [Int], _ dilation: [Int],
    _ groups: Int
  ) throws(ShapeError) {
    let axes = image.rank - 2
    guard (1...3).contains(axes), weight.rank == image.rank else {
      throw ShapeError(
        name,
        "expects images [N, C, ...] with one to three axes of pixels and weights with as "
          + "many, got \(image) and \(weight)")
    }
    guard weight.count > 0, image.dimensions.dropFirst(2).allSatisfy({ $0 > 0 }) else {
      throw ShapeError(name, "images \(image) without pixels, or empty weights \(weight)")
    }
    guard let stride = stride.perAxis(axes), let dilation = dilation.perAxis(axes),
      (stride + dilation + [groups]).allSatisfy(Padding.steps.contains)
    else {
      throw ShapeError(
        name,
        "stride \(stride), dilation \(dilation) and groups \(groups) are at least 1, one "
          + "number for each of the \(axes) axes of \(image) or one for all")
    }
    self.name = name
    (self.stride, self.dilation, self.groups) = (stride, dilation, groups)
    kernel = Array(weight.dimensions.dropFirst(2))
    extents = Array(image.dimensions.dropFirst(2))
    reach = zip(kernel, dilation).map { ($0 - 1) * $1 + 1 }
  }

  // MARK: Forward

  func convolve(_ image: Tensor, _ weight: Tensor, _ padding: Padding) throws(ShapeError) -> Tensor
  {
    guard weight.shape[1] * groups == image.shape[1], weight.shape[0] % groups == 0 else {
      throw ShapeError(
        name,
        "\(image.shape) has \(image.shape[1]) channels, weights \(weight.shape) in "
          + "\(groups) groups expect \(weight.shape[1] * groups)")
    }
    let (before, after) = try sides(padding, extents)
    for axis in extents.indices
    where extents[axis] + before[axis] + after[axis] < reach[axis] {
      throw ShapeError(name, "a window of \(kernel) does not fit \(image.shape) with \(padding)")
    }
    let operation = Convolution(geometry: geometry(before, after))
    switch extents.count {
    case 1: return image.asPlane.apply(operation, weight.asPlane).withoutHeight
    case 2: return image.apply(operation, weight)
    default: break
    }
    let windows = (extents[0] + before[0] + after[0] - reach[0]) / stride[0] + 1
    let slices = image.padded(low: [0, 0, before[0], 0, 0], high: [0, 0, after[0], 0, 0])
      .depthBeforeChannels
    if slices.shape.isUnknown { return slices }
    let (batch, windowed) = (slices.shape[0], slices.shape.replacing(axis: 1, with: windows))
    let taps = (0..<kernel[0]).map { tap in
      return slices.sliced(
        starts: [0, tap * dilation[0], 0, 0, 0], extents: windowed.dimensions,
        steps: [1, stride[0], 1, 1, 1]
      ).foldingDepth.apply(operation, weight.tap(tap))
    }
    return sum(taps).unfoldingDepth(batch, windows).depthBeforeChannels
  }

  // MARK: Transposed

  func transposedConvolve(
    _ image: Tensor, _ weight: Tensor, _ padding: Padding, _ outputPadding: [Int]
  ) throws(ShapeError) -> Tensor {
    guard weight.shape[0] == image.shape[1], weight.shape[0] % groups == 0 else {
      throw ShapeError(
        name,
        "weights \(weight.shape) in \(groups) groups do not suit \(image.shape): channels "
          + "differ")
    }
    guard let more = outputPadding.perAxis(extents.count),
      zip(more, stride).allSatisfy({ $0 >= 0 && $0 < $1 })
    else {
      throw ShapeError(
        name, "output padding \(outputPadding) is not below the stride \(stride) of each axis")
    }
    let (results, before, after) = try transposedExtents(image.shape, padding, more)
    let last = results.count - 1
    let operation = ConvolutionImageGradient(
      geometry: geometry(before, after), height: last == 0 ? 1 : results[last - 1],
      width: results[last])
    switch extents.count {
    case 1: return weight.asPlane.apply(operation, image.asPlane).withoutHeight
    case 2: return weight.apply(operation, image)
    default: break
    }
    let slices = image.depthBeforeChannels
    let spread = max((extents[0] - 1) * stride[0] + reach[0], before[0] + results[0])
    let taps = (0..<kernel[0]).map { tap in
      let made = weight.tap(tap).apply(operation, slices.foldingDepth)
        .unfoldingDepth(image.shape[0], extents[0])
      if made.shape.isUnknown { return made }
      return image.graph.apply(
        Embed(
          target: made.shape.replacing(axis: 1, with: spread),
          starts: [0, tap * dilation[0], 0, 0, 0], steps: [1, stride[0], 1, 1, 1]), to: [made])
    }
    return sum(taps).sliced(axis: 1, before[0]..<before[0] + results[0]).depthBeforeChannels
  }

  /// The extents of a transposed convolution's result, and what the convolution back from it has
  /// around them.
  private func transposedExtents(
    _ image: Shape, _ padding: Padding, _ more: [Int]
  ) throws(ShapeError) -> (results: [Int], before: [Int], after: [Int]) {
    let axes = extents.indices
    if padding == .same {
      let results = axes.map { extents[$0] * stride[$0] }
      let (before, after) = try sides(padding, results)
      return (results, before, after)
    }
    let (before, after) = try sides(padding, extents)
    let results = axes.map {
      (extents[$0] - 1) * stride[$0] + reach[$0] - before[$0] - after[$0] + more[$0]
    }
    guard results.allSatisfy({ $0 >= 1 }) else {
      throw ShapeError(name, "\(padding) leaves nothing of \(image): extents \(results)")
    }
    return (results, before, after)
  }

  // MARK: Parts

  private func sides(
    _ padding: Padding, _ extents: [Int]
  ) throws(ShapeError) -> (before: [Int], after: [Int]) {
    guard let sides = padding.sides(extents, reach: reach, stride: stride),
      (sides.before + sides.after).allSatisfy(Padding.places.contains)
    else {
      throw ShapeError(
        name,
        "\(padding) is negative, or neither one number, nor one or two for each of the "
          + "\(extents.count) axes")
    }
    return sides
  }

  /// The convolution along the last two axes; the height of a line is 1.
  private func geometry(_ before: [Int], _ after: [Int]) -> ConvolutionGeometry {
    func pair(_ numbers: [Int], missing: Int) -> SIMD2<Int> {
      let all = [missing] + numbers
      return SIMD2(all[all.count - 2], all[all.count - 1])
    }
    var geometry = ConvolutionGeometry(groups: groups)
    geometry.stride = pair(stride, missing: 1)
    geometry.dilation = pair(dilation, missing: 1)
    geometry.padding = SIMD4(
      lowHalf: pair(before, missing: 0), highHalf: pair(after, missing: 0))
    return geometry
  }

  private func sum(_ taps: [Tensor]) -> Tensor { taps.dropFirst().reduce(taps[0], +) }
}

extension Tensor {
  fileprivate func apply(_ operation: some ConvolutionPrimitive, _ other: Tensor) -> Tensor {
    graph.apply(operation, to: [self, other])
  }

  /// [a, b, W] as [a, b, 1, W].
  fileprivate var asPlane: Tensor { reshaped(to: [shape[0], shape[1], 1, shape[2]]) }

  /// [a, b, 1, W] as [a, b, W].
  fileprivate var withoutHeight: Tensor { reshaped(to: [shape[0], shape[1], shape[3]]) }

  /// [N, C, D, H, W] as [N, D, C, H, W], or back.
  fileprivate var depthBeforeChannels: Tensor { transposed([0, 2, 1, 3, 4]) }

  /// [N, D, C, H, W] as [N · D, C, H, W].
  fileprivate var foldingDepth: Tensor {
    reshaped(to: [shape[0] * shape[1], shape[2], shape[3], shape[4]])
  }

  /// [N · D, C, H, W] as [N, D, C, H, W].
  fileprivate func unfoldingDepth(_ batch: Int, _ depth: Int) -> Tensor {
    reshaped(to: [batch, depth, shape[1], shape[2], shape[3]])
  }

  /// Weights [a, b, kD, kH, kW] at one depth, as [a, b, kH, kW].
  fileprivate func tap(_ depth: Int) -> Tensor {
    sliced(axis: 2, depth..<depth + 1).reshaped(to: [shape[0], shape[1], shape[3], shape[4]])
  }
}
