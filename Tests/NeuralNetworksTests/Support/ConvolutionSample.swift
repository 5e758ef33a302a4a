import NeuralNetworks
import Randomness
import TensorEngine

/// A convolution to compare with the plain loops.
struct ConvolutionSample: Sendable, CustomStringConvertible {
  var inputs = 2
  var outputs = 3
  var kernelSize = 3
  var stride = 1
  var padding = 0
  var dilation = 1
  var groups = 1
  var outputPadding = 0
  var usesBias = true
  /// Rows of the two images that the layer reads.
  let height = 6
  /// Columns of the two images that the layer reads.
  let width = 5

  var description: String {
    "\(inputs)->\(outputs) kernel \(kernelSize) stride \(stride) padding \(padding) dilation "
      + "\(dilation) groups \(groups) outputPadding \(outputPadding) bias \(usesBias)"
  }

  var geometry: ConvolutionGeometry {
    .init(stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  static let all = [
    ConvolutionSample(), ConvolutionSample(padding: 1, usesBias: false),
    ConvolutionSample(kernelSize: 4, stride: 2, padding: 1),
    ConvolutionSample(stride: 2, padding: 1, outputPadding: 1),
    ConvolutionSample(stride: 3, padding: 1, outputPadding: 2),
    ConvolutionSample(padding: 2, dilation: 2),
    ConvolutionSample(inputs: 4, outputs: 6, padding: 1, groups: 2),
    ConvolutionSample(inputs: 4, outputs: 4, stride: 2, padding: 1, groups: 4, outputPadding: 1),
    ConvolutionSample(kernelSize: 1), ConvolutionSample(kernelSize: 1, stride: 2),
  ]

  func convolution() -> Conv2D {
    var random = RandomStream(seed: 1, name: "weights")
    var layer = Conv2D(
      inputs, outputs, kernelSize: kernelSize, geometry, usesBias: usesBias, random: &random)
    if usesBias { layer.bias = Parameter(normalNumbers([outputs], "bias")) }
    return layer
  }

  func transposed() -> ConvTranspose2D {
    var random = RandomStream(seed: 1, name: "weights")
    var layer = ConvTranspose2D(
      inputs, outputs, kernelSize: kernelSize, geometry, outputPadding: outputPadding,
      usesBias: usesBias, random: &random)
    if usesBias { layer.bias = Parameter(normalNumbers([outputs], "bias")) }
    return layer
  }

  /// Calls `body` with the places of two pixels and of the weight that joins them, for every pair
  /// that the window joins: a pixel of the larger image, which a convolution reads and a transposed
  /// one writes, and one of the smaller image. Both are [2, channels, height, width].
  func forEachTap(
    large: [Int], small: [Int], _ body: (_ large: Int, _ small: Int, _ weight: Int) -> Void
  ) {
    let (largeShare, smallShare) = (large[0] / groups, small[0] / groups)
    for image in 0..<2 {
      for smallChannel in 0..<small[0] {
        for offset in 0..<largeShare {
          let largeChannel = smallChannel / smallShare * largeShare + offset
          for place in 0..<(small[1] * small[2] * kernelSize * kernelSize) {
            let (pixel, tap) = place.quotientAndRemainder(dividingBy: kernelSize * kernelSize)
            let y = pixel / small[2] * stride - padding + tap / kernelSize * dilation
            let x = pixel % small[2] * stride - padding + tap % kernelSize * dilation
            guard 0..<large[1] ~= y, 0..<large[2] ~= x else { continue }
            body(
              ((image * large[0] + largeChannel) * large[1] + y) * large[2] + x,
              (image * small[0] + smallChannel) * small[1] * small[2] + pixel,
              (smallChannel * largeShare + offset) * kernelSize * kernelSize + tap)
          }
        }
      }
    }
  }

  /// The bias of each channel everywhere.
  func biases(_ bias: Parameter?, _ image: [Int]) -> [Double] {
    (0..<2 * image.reduce(1, *)).map { place in
      bias.map { Double($0.value.scalars[place / (image[1] * image[2]) % image[0]]) } ?? 0
    }
  }
}
