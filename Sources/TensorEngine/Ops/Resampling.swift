import CVectorMath

/// How pixels are made from those of an image of another size.
public enum Resampling: Hashable, Sendable {
  /// Pixel (i, j) is the one at (⌊i · H / H'⌋, ⌊j · W / W'⌋).
  case nearest
  /// The mean of the four pixels around, weighted by how near they are. The corners of both images
  /// fall on each other or, when aligned, the centres of their corner pixels do.
  case bilinear(alignsCorners: Bool)
}

/// Images [N, C, H, W] drawn anew as [N, C, H', W'].
struct Resample: KernelPrimitive {
  static let name = "resample"
  let method: Resampling
  let height: Int
  let width: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank == 4, inputs[0][2] > 0, inputs[0][3] > 0 else {
      throw ShapeError(name, "expects images [N, C, H, W] with pixels, got \(inputs[0])")
    }
    guard height > 0, width > 0, max(height, width) <= Int(Int32.max) else {
      throw ShapeError(name, "\(inputs[0]) cannot become \(height)x\(width) pixels")
    }
    return try Shape(checking: [inputs[0][0], inputs[0][1], height, width], for: name)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let image = context.inputs[0].shape
    return context.graph.apply(
      ResampleGradient(method: method, height: image[2], width: image[3]), to: [context.cotangent])
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .resample(method, planes(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .resample(method, planes(call), call)
  }
  private func planes(_ call: KernelCall) -> vm_resampling {
    vm_resampling(method, from: call.inputs[0], to: call.output)
  }
}

/// The gradient of a resampling with respect to images of H x W pixels.
struct ResampleGradient: KernelPrimitive {
  static let name = "resampleGradient"
  let method: Resampling
  let height: Int
  let width: Int

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank == 4, inputs[0][2] > 0, inputs[0][3] > 0, height > 0, width > 0 else {
      throw ShapeError(name, "\(inputs[0]) is no gradient of \(height)x\(width) images")
    }
    return try Shape(checking: [inputs[0][0], inputs[0][1], height, width], for: name)
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    let drawn = context.inputs[0].shape
    return context.graph.apply(
      Resample(method: method, height: drawn[2], width: drawn[3]), to: [context.cotangent])
  }
  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .resampleGradient(method, planes(call), call)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .resampleGradient(method, planes(call), call)
  }
  private func planes(_ call: KernelCall) -> vm_resampling {
    vm_resampling(method, from: call.output, to: call.inputs[0])
  }
}

extension Operation {
  static let resampleNearest2d = resampling(
    "resampleNearest2d", "images [N, C, H, W] of another size; each pixel is the nearest one"
  ) { _ in .nearest }

  static let resampleBilinear2d = resampling(
    "resampleBilinear2d", "images [N, C, H, W] of another size; each pixel is a mean of four",
    attributes: [.optional("alignCorners", .flag, false)]
  ) { .bilinear(alignsCorners: $0.flag("alignCorners")) }

  /// An operation that takes either the height and width of the result or a whole factor.
  private static func resampling(
    _ name: String, _ summary: String, attributes: [Attribute] = [],
    _ method: @escaping @Sendable (Attributes) -> Resampling
  ) -> Operation {
    Operation(
      name, summary, records: Resample.self,
      attributes: [.optional("size", .integers), .optional("factor", .integer)] + attributes
    ) { operands, attributes in
      let image = operands[0]
      if let size = attributes.optionalIntegers("size"), size.count == 2,
        !attributes.isGiven("factor")
      {
        return [image.resampled(height: size[0], width: size[1], method(attributes))]
      }
      if attributes.isGiven("factor"), !attributes.isGiven("size") {
        return [image.upsampled(by: attributes.integer("factor"), method(attributes))]
      }
      return [
        image.graph.fail(ShapeError(name, "expects either a size (height, width) or a factor"))
      ]
    }
  }
}

extension Tensor {
  /// Images [N, C, H, W] drawn anew with other numbers of pixels.
  public func resampled(height: Int, width: Int, _ method: Resampling) -> Tensor {
    graph.apply(Resample(method: method, height: height, width: width), to: [self])
  }

  /// Images [N, C, H, W] drawn anew with `factor` times the height and width.
  public func upsampled(by factor: Int, _ method: Resampling = .nearest) -> Tensor {
    guard rank == 4, factor >= 1, factor <= Int(Int32.max) else {
      return failing("resample", "no \(factor) times as many pixels; expects images [N, C, H, W]")
    }
    let (height, width) = (shape[2], shape[3])
    return resampled(height: height * factor, width: width * factor, method)
  }
}
