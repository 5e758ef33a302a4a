extension Operation {
  static let conv1d = convolution(axes: 1)
  static let conv3d = convolution(axes: 3)
  static let convTranspose1d = transposedConvolution(axes: 1)
  static let convTranspose3d = transposedConvolution(axes: 3)

  /// The attributes of a window: one whole number for all axes, or one each.
  private static let windowAttributes: [Attribute] =
    [
      .optional("stride", .integers, [1]), .optional("dilation", .integers, [1]),
      .optional("groups", .integer, 1),
    ] + Padding.attributes

  private static func convolution(axes: Int) -> Operation {
    Operation(
      "conv\(axes)d", "images [N, C, ...] convolved with weights [O, C / groups, ...]",
      records: Convolution.self, operands: .fixed([.real, .real]), attributes: windowAttributes
    ) { operands, attributes in
      [
        operands[0].withSpatialAxes(axes, "conv\(axes)d").convolved(
          with: operands[1], stride: attributes.integers("stride"), padding: Padding(attributes),
          dilation: attributes.integers("dilation"), groups: attributes.integer("groups"))
      ]
    }
  }

  private static func transposedConvolution(axes: Int) -> Operation {
    Operation(
      "convTranspose\(axes)d",
      "the transposed convolution of images with weights [C, O / groups, ...]",
      records: ConvolutionImageGradient.self, operands: .fixed([.real, .real]),
      attributes: windowAttributes + [.optional("outputPadding", .integers, [0])]
    ) { operands, attributes in
      [
        operands[0].withSpatialAxes(axes, "convTranspose\(axes)d").convolvedTransposed(
          with: operands[1], stride: attributes.integers("stride"), padding: Padding(attributes),
          dilation: attributes.integers("dilation"), groups: attributes.integer("groups"),
          outputPadding: attributes.integers("outputPadding"))
      ]
    }
  }
}
