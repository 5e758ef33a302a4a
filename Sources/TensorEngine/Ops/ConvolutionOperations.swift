extension Operation {
  /// The attributes of a window: one whole number for both axes, or one each (height, width);
  /// padding also as top, left, bottom, right.
  private static let windowAttributes: [Attribute] = [
    .optional("stride", .integers, [1]), .optional("padding", .integers, [0]),
    .optional("dilation", .integers, [1]), .optional("groups", .integer, 1),
  ]

  static let conv2d = convolution(
    "conv2d", "images [N, C, H, W] convolved with weights [O, C / groups, kH, kW]",
    records: Convolution.self
  ) { operands, geometry, _ in operands[0].convolved(with: operands[1], geometry) }

  static let convTranspose2d = convolution(
    "convTranspose2d", "the transposed convolution of images with weights [C, O / groups, kH, kW]",
    records: ConvolutionImageGradient.self,
    attributes: [.optional("outputPadding", .integer, 0)]
  ) { operands, geometry, attributes in
    operands[0].convolvedTransposed(
      with: operands[1], geometry, outputPadding: attributes.integer("outputPadding"))
  }

  static let conv2dImageGradient = convolution(
    "conv2dImageGradient", "the gradient of conv2d in its images, from weights and a cotangent",
    records: ConvolutionImageGradient.self,
    attributes: [.required("height", .integer), .required("width", .integer)]
  ) { operands, geometry, attributes in
    operands[0].graph.apply(
      ConvolutionImageGradient(
        geometry: geometry, height: attributes.integer("height"),
        width: attributes.integer("width")), to: operands)
  }

  static let conv2dWeightGradient = convolution(
    "conv2dWeightGradient", "the gradient of conv2d in its weights, from images and a cotangent",
    records: ConvolutionWeightGradient.self,
    attributes: [.required("kernelHeight", .integer), .required("kernelWidth", .integer)]
  ) { operands, geometry, attributes in
    operands[0].graph.apply(
      ConvolutionWeightGradient(
        geometry: geometry, kernelHeight: attributes.integer("kernelHeight"),
        kernelWidth: attributes.integer("kernelWidth")), to: operands)
  }

  private static func convolution(
    _ name: String, _ summary: String, records primitive: any Primitive.Type,
    attributes: [Attribute] = [],
    trace: @escaping @Sendable ([Tensor], ConvolutionGeometry, Attributes) -> Tensor
  ) -> Operation {
    Operation(
      name, summary, records: primitive, operands: .fixed([.real, .real]),
      attributes: windowAttributes + attributes
    ) { operands, attributes in
      guard let geometry = ConvolutionGeometry(attributes) else {
        let error = ShapeError(
          name,
          "stride and dilation take one number or two (height, width), padding one, two or four "
            + "(top, left, bottom, right)")
        return [operands[0].graph.fail(error)]
      }
      return [trace(operands, geometry, attributes)]
    }
  }
}

extension ConvolutionGeometry {
  /// The window that attributes describe, or nil when they have too many numbers or none.
  fileprivate init?(_ attributes: Attributes) {
    let sides = attributes.integers("padding")
    guard let stride = attributes.pair("stride"), let dilation = attributes.pair("dilation"),
      [1, 2, 4].contains(sides.count)
    else { return nil }
    self.init(groups: attributes.integer("groups"))
    self.stride = stride
    self.dilation = dilation
    // Sides that are not given are the same as those across.
    padding = SIMD4((0..<4).map { sides[$0 % sides.count] })
  }
}
