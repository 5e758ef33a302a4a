extension Operation {
  static let maxPool1d = maxPool(axes: 1)
  static let maxPool2d = maxPool(axes: 2)
  static let maxPool3d = maxPool(axes: 3)

  static let averagePool1d = averagePool(axes: 1)
  static let averagePool2d = averagePool(axes: 2)
  static let averagePool3d = averagePool(axes: 3)

  static let maxUnpool1d = maxUnpool(axes: 1)
  static let maxUnpool2d = maxUnpool(axes: 2)
  static let maxUnpool3d = maxUnpool(axes: 3)

  static let globalMaxPool = Operation(
    "globalMaxPool", "the largest element of each channel of [N, C, ...]"
  ) { operands, _ in [operands[0].globalMaxPooled()] }

  static let globalAveragePool = Operation(
    "globalAveragePool", "the mean of each channel of [N, C, ...]"
  ) { operands, _ in [operands[0].globalAveragePooled()] }

  private static func maxPool(axes: Int) -> Operation {
    Operation(
      "maxPool\(axes)d", "the largest element under each window, and its place in its plane",
      records: MaxPool.self, attributes: windowAttributes, results: ["y", "indices"]
    ) { operands, attributes in
      let image = operands[0].withSpatialAxes(axes, "maxPool\(axes)d")
      let (values, indices) = image.maxPooledWithIndices(PoolingWindow(attributes))
      return [values, indices]
    }
  }

  private static func averagePool(axes: Int) -> Operation {
    Operation(
      "averagePool\(axes)d", "the mean of the elements under each window",
      records: AveragePool.self,
      attributes: windowAttributes + [.optional("countIncludesPadding", .flag, true)]
    ) { operands, attributes in
      let image = operands[0].withSpatialAxes(axes, "averagePool\(axes)d")
      return [
        image.averagePooled(
          PoolingWindow(attributes), countsPadding: attributes.flag("countIncludesPadding"))
      ]
    }
  }

  private static func maxUnpool(axes: Int) -> Operation {
    Operation(
      "maxUnpool\(axes)d", "elements at their places in planes of zeros; the opposite of maxPool",
      records: AddAlong.self, operands: .fixed([.real, .index]),
      attributes: [.required("outputSize", .integers)]
    ) { operands, attributes in
      let values = operands[0].withSpatialAxes(axes, "maxUnpool\(axes)d")
      return [values.maxUnpooled(to: attributes.integers("outputSize"), at: operands[1])]
    }
  }

  /// The attributes of a pooling window: one whole number for all axes, or one each.
  private static let windowAttributes: [Attribute] =
    [
      .required("kernelSize", .integers), .optional("stride", .integers),
      .optional("ceilMode", .flag, false),
    ] + Padding.attributes
}

extension PoolingWindow {
  fileprivate init(_ attributes: Attributes) {
    self.init(
      attributes.integers("kernelSize"), stride: attributes.optionalIntegers("stride"),
      padding: Padding(attributes), roundsUp: attributes.flag("ceilMode"))
  }
}

extension Padding {
  /// How a call by name says what surrounds an image: `padding` as `explicit` takes it, unless
  /// `paddingMode` says otherwise.
  static let attributes: [Attribute] = [
    .optional("padding", .integers, [0]),
    .optional("paddingMode", .word(["explicit", "same", "valid"]), .word("explicit")),
  ]

  /// The padding that attributes describe.
  init(_ attributes: Attributes) {
    switch attributes.word("paddingMode") {
    case "same": self = .same
    case "valid": self = .valid
    default: self = .explicit(attributes.integers("padding"))
    }
  }
}

extension Tensor {
  /// This, if it has a batch, channels and as many further axes as an operation expects.
  func withSpatialAxes(_ axes: Int, _ name: String) -> Tensor {
    rank == axes + 2 || shape.isUnknown
      ? self
      : graph.fail(
        ShapeError(name, "expects a batch, channels and \(axes) axes of pixels, got \(shape)"))
  }
}
