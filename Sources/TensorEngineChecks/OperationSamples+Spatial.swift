import TensorEngine

extension OperationSample {
  /// Poolings, resamplings and convolutions along one to three axes.
  static let spatial: [OperationSample] =
    pools + unpools + resamplings + lineAndVolumeConvolutions

  /// Shapes of images with the attributes of a window over them.
  private static let windowCases: [(axes: Int, shape: Shape, [String: Attribute.Value])] = [
    (1, [2, 3, 8], ["kernelSize": 2]),
    (1, [1, 2, 9], ["kernelSize": 3, "stride": 2, "padding": 1]),
    (1, [2, 1, 7], ["kernelSize": 4, "stride": 3, "ceilMode": true]),
    (1, [1, 1, 1], ["kernelSize": 1]),
    (1, [0, 2, 4], ["kernelSize": 2]),
    (1, [2, 2, 5], ["kernelSize": 3, "paddingMode": "same"]),
    (1, [3, 1, 6], ["kernelSize": 2, "stride": 1, "padding": [0, 1]]),
    (1, [1, 2, 11], ["kernelSize": 3, "stride": 5]),
    (2, [2, 3, 4, 6], ["kernelSize": 2]),
    (2, [1, 2, 7, 5], ["kernelSize": 2]),
    (2, [1, 2, 5, 7], ["kernelSize": 3, "stride": 2, "padding": 1]),
    (2, [2, 1, 6, 5], ["kernelSize": [3, 2], "stride": [1, 2], "padding": [1, 0]]),
    (2, [1, 1, 6, 7], ["kernelSize": [2, 4], "padding": [0, 2, 1, 1], "stride": [2, 1]]),
    (2, [1, 2, 5, 6], ["kernelSize": 3, "stride": 2, "ceilMode": true, "padding": 1]),
    (2, [2, 2, 1, 1], ["kernelSize": 1]),
    (2, [2, 0, 4, 4], ["kernelSize": 2]),
    (2, [1, 2, 5, 6], ["kernelSize": 2, "stride": 3, "paddingMode": "same"]),
    (2, [70, 3, 26, 34], ["kernelSize": 2]),
    (2, [9, 8, 33, 31], ["kernelSize": 3, "stride": 2, "padding": 1]),
    (3, [1, 2, 4, 4, 6], ["kernelSize": 2]),
    (3, [1, 1, 5, 4, 5], ["kernelSize": 3, "stride": 2, "padding": 1]),
    (3, [2, 1, 3, 4, 3], ["kernelSize": [1, 2, 2], "stride": [1, 2, 1]]),
    (3, [1, 2, 3, 3, 4], ["kernelSize": 2, "stride": 2, "ceilMode": true]),
    (3, [1, 1, 1, 1, 1], ["kernelSize": 1]),
    (3, [0, 1, 2, 2, 2], ["kernelSize": 2]),
    (3, [1, 1, 4, 3, 3], ["kernelSize": [3, 1, 2], "paddingMode": "same", "stride": 1]),
    (3, [1, 1, 3, 5, 3], ["kernelSize": [2, 3, 2], "stride": [1, 2, 1], "padding": [1, 1, 0]]),
  ]

  private static let pools: [OperationSample] =
    windowCases.flatMap { axes, shape, attributes in
      let excluding: [String: Attribute.Value] = ["countIncludesPadding": false]
      return [
        OperationSample("maxPool\(axes)d", note(attributes), shapes: [shape], attributes),
        OperationSample("averagePool\(axes)d", note(attributes), shapes: [shape], attributes),
        OperationSample(
          "averagePool\(axes)d", "\(note(attributes)), padding not counted", shapes: [shape],
          attributes.merging(excluding) { $1 }),
      ]
    }
    + ([
      [2, 3, 4], [2, 3, 4, 5], [1, 2, 3, 2, 2], [1, 1, 1], [0, 2, 3], [2, 0, 3, 3], [3, 1, 40, 50],
      [1, 2, 1, 1],
    ] as [Shape]).flatMap { shape in
      ["globalMaxPool", "globalAveragePool"].map { OperationSample($0, shapes: [shape]) }
    }

  /// Values and places in planes of more pixels; some places are taken more than once.
  private static let unpools: [OperationSample] =
    ([
      ([2, 3, 4], [9]), ([1, 1, 1], [1]), ([0, 1, 2], [4]), ([2, 1, 3], [3]), ([1, 2, 5], [6]),
      ([3, 2, 2], [5]), ([1, 1, 7], [2]), ([1, 0, 2], [2]),
      ([2, 3, 2, 2], [4, 5]), ([1, 1, 1, 1], [1, 1]), ([1, 2, 3, 2], [4, 4]),
      ([0, 1, 2, 2], [4, 4]),
      ([2, 1, 2, 1], [3, 2]), ([1, 3, 1, 4], [2, 7]), ([70, 2, 13, 17], [26, 34]),
      ([1, 1, 3, 3], [2, 2]),
      ([1, 2, 2, 2, 1], [3, 4, 2]), ([1, 1, 1, 1, 1], [2, 2, 2]), ([2, 1, 1, 2, 2], [2, 3, 3]),
      ([0, 1, 1, 1, 1], [2, 2, 2]), ([1, 1, 2, 1, 2], [2, 1, 3]), ([1, 3, 2, 1, 1], [4, 2, 1]),
      ([2, 2, 1, 1, 1], [1, 2, 1]), ([1, 1, 2, 2, 2], [4, 4, 4]),
    ] as [(Shape, [Int])]).map { shape, extents in
      OperationSample(
        "maxUnpool\(extents.count)d", "to \(extents)", shapes: [shape, shape],
        ["outputSize": .integers(extents)],
        ranges: [-2...2, 0...Double(extents.reduce(1, *) - 1)])
    }

  private static let resamplings: [OperationSample] =
    ([
      ([2, 2, 3, 4], ["factor": 2]), ([1, 2, 2, 3], ["factor": 3]),
      ([1, 1, 1, 1], ["size": [3, 2]]),
      ([1, 2, 5, 6], ["size": [3, 4]]), ([1, 1, 4, 3], ["size": [7, 5]]),
      ([0, 1, 2, 2], ["factor": 2]),
      ([2, 1, 3, 3], ["size": [3, 3]]), ([2, 1, 5, 4], ["size": [1, 9]]),
      ([1, 1, 1, 4], ["size": [2, 8]]), ([40, 3, 17, 23], ["factor": 2]),
    ] as [(Shape, [String: Attribute.Value])]).flatMap { shape, attributes in
      [
        OperationSample("resampleNearest2d", note(attributes), shapes: [shape], attributes),
        OperationSample("resampleBilinear2d", note(attributes), shapes: [shape], attributes),
        OperationSample(
          "resampleBilinear2d", "\(note(attributes)), aligned", shapes: [shape],
          attributes.merging(["alignCorners": true]) { $1 }),
      ]
    }

  private static let lineAndVolumeConvolutions: [OperationSample] =
    ([
      ("conv1d", [2, 3, 7], [4, 3, 3], [:]),
      ("conv1d", [1, 2, 9], [2, 2, 4], ["stride": 2, "padding": 1]),
      ("conv1d", [2, 4, 8], [6, 2, 3], ["groups": 2, "dilation": 2]),
      ("conv1d", [1, 1, 6], [1, 1, 3], ["padding": [0, 2], "stride": 3]),
      ("conv1d", [1, 2, 5], [2, 2, 2], ["paddingMode": "same", "stride": 2]),
      ("conv1d", [1, 3, 4], [2, 3, 1], [:]),
      ("conv1d", [0, 1, 4], [2, 1, 2], [:]),
      ("conv1d", [2, 3, 5], [3, 1, 3], ["groups": 3, "paddingMode": "same"]),
      ("convTranspose1d", [2, 3, 4], [3, 2, 3], [:]),
      ("convTranspose1d", [1, 2, 4], [2, 2, 4], ["stride": 2, "padding": 1]),
      ("convTranspose1d", [1, 4, 3], [4, 2, 3], ["groups": 2, "dilation": 2, "stride": 2]),
      ("convTranspose1d", [1, 1, 3], [1, 1, 2], ["stride": 3, "outputPadding": 2]),
      ("convTranspose1d", [1, 2, 3], [2, 1, 3], ["stride": 2, "paddingMode": "same"]),
      ("convTranspose1d", [1, 2, 3], [2, 1, 1], ["stride": 2, "paddingMode": "same"]),
      ("convTranspose1d", [0, 1, 2], [1, 1, 2], [:]),
      ("convTranspose1d", [1, 1, 1], [1, 1, 1], [:]),
      ("conv3d", [2, 2, 3, 4, 3], [2, 2, 2, 2, 2], [:]),
      ("conv3d", [1, 2, 4, 3, 3], [2, 2, 3, 2, 1], ["padding": 1, "stride": 2]),
      ("conv3d", [1, 4, 2, 3, 3], [2, 2, 2, 2, 2], ["groups": 2]),
      (
        "conv3d", [1, 1, 5, 4, 3], [1, 1, 2, 2, 2], ["dilation": [3, 2, 1], "stride": [1, 2, 1]]
      ),
      (
        "conv3d", [1, 1, 3, 3, 4], [2, 1, 2, 3, 2], ["paddingMode": "same", "stride": [2, 1, 1]]
      ),
      ("conv3d", [1, 2, 1, 1, 1], [2, 2, 1, 1, 1], [:]),
      ("conv3d", [0, 1, 2, 2, 2], [1, 1, 2, 2, 2], [:]),
      ("conv3d", [1, 1, 2, 2, 2], [1, 1, 2, 2, 2], ["padding": [1, 0, 0, 0, 1, 1]]),
      ("convTranspose3d", [2, 2, 2, 3, 2], [2, 2, 2, 2, 2], [:]),
      (
        "convTranspose3d", [1, 2, 3, 2, 2], [2, 1, 3, 2, 3], ["padding": [1, 0, 1], "stride": 2]
      ),
      ("convTranspose3d", [1, 4, 2, 2, 1], [4, 1, 2, 1, 2], ["groups": 2]),
      (
        "convTranspose3d", [1, 1, 2, 2, 2], [1, 1, 2, 2, 2],
        ["stride": [3, 2, 2], "outputPadding": 1]
      ),
      (
        "convTranspose3d", [1, 1, 2, 2, 2], [1, 2, 1, 2, 3], ["paddingMode": "same", "stride": 2]
      ),
      ("convTranspose3d", [1, 2, 2, 1, 1], [2, 2, 2, 1, 1], ["dilation": [2, 1, 1]]),
      ("convTranspose3d", [0, 1, 1, 2, 2], [1, 1, 2, 2, 2], [:]),
      ("convTranspose3d", [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [:]),
    ] as [(String, Shape, Shape, [String: Attribute.Value])]).map {
      name, image, weight, attributes in
      OperationSample(name, note(attributes), shapes: [image, weight], attributes)
    }

  /// The attributes in the order of their names.
  private static func note(_ attributes: [String: Attribute.Value]) -> String {
    attributes.keys.sorted().map { "\($0) \(attributes[$0].map { "\($0)" } ?? "")" }
      .joined(separator: ", ")
  }
}
