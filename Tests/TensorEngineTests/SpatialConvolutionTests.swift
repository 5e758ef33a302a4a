import TensorEngine
import Testing

/// Convolutions along one to three axes, and back, against plain loops.
@Suite struct SpatialConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    let plain: PlainWindows
    /// [O, C / groups, ...]
    let weight: Shape
    let groups: Int
    let padding: Padding
    /// What the transposed convolution needs to come back to the images' extents.
    let outputPadding: [Int]
    var description: String { "\(weight) in \(groups) groups: \(plain)" }

    init(
      _ image: Shape, _ weight: Shape, stride: [Int]? = nil, dilation: [Int]? = nil,
      groups: Int = 1, before: [Int]? = nil, after: [Int]? = nil, padding: Padding? = nil,
      outputPadding: [Int] = [0], counts: [Int]
    ) {
      let axes = image.rank - 2
      let before = before ?? [Int](repeating: 0, count: axes)
      let ones = [Int](repeating: 1, count: axes)
      plain = PlainWindows(
        image: image, size: Array(weight.dimensions.dropFirst(2)), stride: stride ?? ones,
        dilation: dilation ?? ones, before: before, counts: counts)
      self.weight = weight
      self.groups = groups
      self.padding = padding ?? .explicit(before + (after ?? before))
      self.outputPadding = outputPadding
    }
  }

  static let cases: [Case] = [
    Case([2, 3, 8], [4, 3, 3], counts: [6]),
    Case([1, 2, 9], [3, 2, 4], stride: [2], before: [1], outputPadding: [1], counts: [4]),
    Case([2, 6, 9], [4, 3, 3], stride: [2], dilation: [2], groups: 2, before: [2], counts: [5]),
    Case([1, 1, 7], [1, 1, 2], stride: [3], before: [0], after: [1], counts: [3]),
    Case([1, 2, 8], [2, 2, 3], stride: [2], before: [0], padding: .same, counts: [4]),
    Case([1, 2, 6], [2, 2, 1], stride: [3], padding: .same, counts: [2]),
    Case([0, 2, 5], [3, 2, 2], counts: [4]),
    Case([1, 2, 5, 6], [3, 2, 3, 2], stride: [2, 1], before: [1, 0], counts: [3, 5]),
    Case(
      [2, 4, 8, 6], [4, 2, 3, 4], stride: [2, 1], groups: 2, before: [0, 1], padding: .same,
      counts: [4, 6]),
    Case([2, 3, 4, 5, 6], [4, 3, 2, 3, 2], counts: [3, 3, 5]),
    Case(
      [1, 2, 7, 5, 6], [3, 2, 3, 2, 3], stride: [2, 1, 2], before: [1, 0, 1],
      outputPadding: [0, 0, 1], counts: [4, 4, 3]),
    Case(
      [1, 4, 6, 4, 4], [6, 2, 2, 2, 1], stride: [1, 2, 1], dilation: [3, 1, 1], groups: 2,
      before: [2, 0, 0], after: [1, 0, 0], counts: [6, 2, 4]),
    Case(
      [1, 1, 6, 4, 3], [2, 1, 3, 1, 2], stride: [3, 2, 1], padding: .same, counts: [2, 2, 3]),
    Case([0, 1, 3, 3, 3], [2, 1, 2, 2, 2], counts: [2, 2, 2]),
    Case([1, 2, 1, 1, 1], [2, 2, 1, 1, 1], counts: [1, 1, 1]),
  ]

  @Test(arguments: cases)
  func bothDirectionsEqualThePlainLoop(item: Case) throws {
    let images = numbers(item.plain.image)
    let weights = numbers(item.weight, "weights")
    let cotangent = numbers(
      Shape([item.plain.image[0], item.weight[0]] + item.plain.counts), "cotangent")
    let results: [TensorValue<Double>] = try evaluate([images, weights, cotangent]) {
      [
        $0[0].convolved(
          with: $0[1], stride: item.plain.stride, padding: item.padding,
          dilation: item.plain.dilation, groups: item.groups),
        $0[2].convolvedTransposed(
          with: $0[1], stride: item.plain.stride, padding: item.padding,
          dilation: item.plain.dilation, groups: item.groups, outputPadding: item.outputPadding),
      ]
    }
    let expected = item.plain.convolution(
      images, weights, groups: item.groups, cotangent: cotangent)
    #expect(results[0].distance(to: expected[0]) <= 1e-13)
    #expect(results[1].distance(to: expected[1]) <= 1e-13)
  }

  /// One number stands for all axes, and a list of one per axis for both sides.
  @Test func numbersThatAreLeftOutAreThoseGiven() throws {
    let operands = [numbers([1, 1, 6, 6]), numbers([1, 1, 3, 3], "weights")]
    let results: [TensorValue<Double>] = try evaluate(operands) { x in
      [Padding.explicit([1]), .explicit([1, 1]), .explicit([1, 1, 1, 1]), .same].map {
        x[0].convolved(with: x[1], padding: $0)
      }
    }
    #expect(results[0].shape == [1, 1, 6, 6])
    for result in results { #expect(result == results[0]) }
  }
}
