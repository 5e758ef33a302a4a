import TensorEngine
import Testing

/// Resampled images against the definition, pixel by pixel.
@Suite struct ResamplingTests {
  /// From height and width to height and width.
  static let sizes: [(Shape, Int, Int)] = [
    ([2, 3, 4, 5], 8, 10), ([1, 2, 7, 3], 3, 11), ([1, 1, 1, 1], 3, 2), ([1, 1, 6, 4], 1, 1),
    ([1, 1, 5, 5], 5, 5), ([0, 2, 3, 3], 6, 6), ([40, 3, 19, 35], 38, 70), ([1, 2, 3, 8], 4, 16),
  ]

  @Test(arguments: sizes)
  func nearestPixelsAreCopies(image: Shape, height: Int, width: Int) throws {
    try expectLinear(image, height, width, .nearest) { out, extent, target in
      [(out * extent / target, 1)]
    }
  }

  @Test(arguments: sizes)
  func bilinearPixelsAreWeightedMeans(image: Shape, height: Int, width: Int) throws {
    try expectLinear(image, height, width, .bilinear(alignsCorners: false)) { out, extent, target in
      neighbours((Double(out) + 0.5) * Double(extent) / Double(target) - 0.5, extent)
    }
  }

  @Test(arguments: sizes)
  func alignedCornersFallOnEachOther(image: Shape, height: Int, width: Int) throws {
    try expectLinear(image, height, width, .bilinear(alignsCorners: true)) { out, extent, target in
      neighbours(target == 1 ? 0 : Double(out * (extent - 1)) / Double(target - 1), extent)
    }
  }

  @Test func wholeFactorsMultiplyBothExtents() throws {
    let images = TensorValue<Double>(shape: [1, 1, 1, 2], scalars: [1, 5])
    let results: [TensorValue<Double>] = try evaluate([images]) {
      [$0[0].upsampled(by: 2), $0[0].upsampled(by: 2, .bilinear(alignsCorners: false))]
    }
    #expect(results[0] == TensorValue(shape: [1, 1, 2, 4], scalars: [1, 1, 5, 5, 1, 1, 5, 5]))
    #expect(results[1] == TensorValue(shape: [1, 1, 2, 4], scalars: [1, 2, 4, 5, 1, 2, 4, 5]))
  }

  /// The two pixels around a place, and how much each counts.
  private func neighbours(_ place: Double, _ extent: Int) -> [(Int, Double)] {
    let place = min(max(place, 0), Double(extent - 1))
    let low = Int(place)
    return [(low, 1 - place + Double(low)), (min(low + 1, extent - 1), place - Double(low))]
  }

  /// Compares the images, and the gradient for a cotangent, with sums over the pixels and weights
  /// that `sources` gives for each axis.
  private func expectLinear(
    _ image: Shape, _ height: Int, _ width: Int, _ method: Resampling,
    _ sources: (_ out: Int, _ extent: Int, _ target: Int) -> [(Int, Double)]
  ) throws {
    let drawn: Shape = [image[0], image[1], height, width]
    let operands = [numbers(image), numbers(drawn, "cotangent")]
    let trace = { (x: [Tensor]) -> [Tensor] in
      let y = x[0].resampled(height: height, width: width, method)
      return [y, x[0].graph.gradients(of: (y * x[1]).sum(), withRespectTo: [x[0]])[0]]
    }
    let double: [TensorValue<Double>] = try evaluate(operands, trace)
    let single = try evaluate(operands, as: Float.self, threads: 3, trace)
    var expected = [
      TensorValue(repeating: 0.0, shape: drawn), TensorValue(repeating: 0.0, shape: image),
    ]
    for plane in 0..<image[0] * image[1] {
      for i in 0..<height {
        for j in 0..<width {
          for (row, a) in sources(i, image[2], height) {
            for (column, b) in sources(j, image[3], width) {
              let from = (plane * image[2] + row) * image[3] + column
              let to = (plane * height + i) * width + j
              expected[0].scalars[to] += a * b * operands[0].scalars[from]
              expected[1].scalars[from] += a * b * operands[1].scalars[to]
            }
          }
        }
      }
    }
    for index in 0..<2 {
      #expect(double[index].distance(to: expected[index]) <= 1e-13)
      #expect(single[index].distance(to: expected[index]) <= 1e-5)
    }
  }
}
