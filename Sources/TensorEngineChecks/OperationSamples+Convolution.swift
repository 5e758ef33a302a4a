import TensorEngine

extension OperationSample {
  /// The three passes of convolutions, and the transposed one, with windows of every kind.
  static let convolutions: [OperationSample] =
    windows.flatMap { window -> [OperationSample] in
      let (image, weight, result) = (window.image, window.weight, window.result)
      let sizes: [String: Attribute.Value] = [
        "height": .integer(image[2]), "width": .integer(image[3]),
      ]
      let kernel: [String: Attribute.Value] = [
        "kernelHeight": .integer(weight[2]), "kernelWidth": .integer(weight[3]),
      ]
      func sample(
        _ name: String, _ shapes: [Shape], _ more: [String: Attribute.Value] = [:]
      ) -> OperationSample {
        OperationSample(
          name, window.note, shapes: shapes, window.attributes.merging(more) { $1 })
      }
      return [
        sample("conv2d", [image, weight]),
        sample("convTranspose2d", [result, weight]),
        sample("conv2dImageGradient", [weight, result], sizes),
        sample("conv2dWeightGradient", [image, result], kernel),
      ]
    } + [
      OperationSample(
        "convTranspose2d", "output padding", shapes: [[1, 2, 3, 3], [2, 2, 3, 3]],
        ["stride": [2], "padding": [1], "outputPadding": 1]),
      OperationSample(
        "conv2d", "many images", shapes: [[37, 3, 9, 9], [8, 3, 4, 4]],
        ["stride": [2], "padding": [1]]),
    ]

  /// A window over images, with the shape of what it gives.
  private typealias Window = (
    note: String, image: Shape, weight: Shape, result: Shape, attributes: [String: Attribute.Value]
  )

  private static let windows: [Window] = [
    ("plain", [2, 2, 5, 4], [3, 2, 3, 2], [2, 3, 3, 3], [:]),
    (
      "stride 2, padding 1", [2, 1, 6, 6], [2, 1, 4, 4], [2, 2, 3, 3],
      ["stride": 2, "padding": 1]
    ),
    ("rows left over", [1, 2, 6, 5], [2, 2, 3, 3], [1, 2, 2, 2], ["stride": 2]),
    ("dilated", [1, 1, 7, 7], [1, 1, 3, 3], [1, 1, 7, 7], ["padding": 2, "dilation": 2]),
    ("groups", [1, 4, 4, 4], [6, 2, 3, 3], [1, 6, 4, 4], ["padding": 1, "groups": 2]),
    ("depthwise", [2, 3, 4, 4], [3, 1, 3, 3], [2, 3, 4, 4], ["padding": 1, "groups": 3]),
    (
      "uneven", [2, 2, 5, 6], [2, 2, 3, 2], [2, 2, 3, 5],
      ["stride": [2, 1], "padding": [1, 0, 2, 1], "dilation": [1, 2]]
    ),
    ("1x1", [1, 3, 3, 3], [2, 3, 1, 1], [1, 2, 3, 3], [:]),
    ("no images", [0, 1, 3, 3], [2, 1, 2, 2], [0, 2, 2, 2], [:]),
  ]
}
