import TensorEngine

/// A convolution of one shape, carried out by the definition: one loop per index.
struct PlainConvolution: Sendable, CustomStringConvertible {
  let image: Shape
  let weight: Shape
  var geometry = ConvolutionGeometry()

  var description: String { "\(image) * \(weight), \(geometry)" }

  var result: Shape {
    func extent(_ axis: Int) -> Int {
      let reach = geometry.dilation[axis] * (weight[axis + 2] - 1) + 1
      return (image[axis + 2] + geometry.padding[axis] + geometry.padding[axis + 2] - reach)
        / geometry.stride[axis] + 1
    }
    return [image[0], weight[0], extent(0), extent(1)]
  }

  /// Calls `body` with the offsets of every image element, weight and result element that a
  /// product connects.
  func visit(_ body: (_ image: Int, _ weight: Int, _ result: Int) -> Void) {
    let result = result
    let perGroup = weight[0] / geometry.groups
    for n in 0..<image[0] {
      for filter in 0..<weight[0] {
        for channel in 0..<weight[1] {
          let source = filter / perGroup * weight[1] + channel
          for y in 0..<result[2] {
            for x in 0..<result[3] {
              for ky in 0..<weight[2] {
                let row = y * geometry.stride[0] + ky * geometry.dilation[0] - geometry.padding[0]
                if row < 0 || row >= image[2] { continue }
                for kx in 0..<weight[3] {
                  let column =
                    x * geometry.stride[1] + kx * geometry.dilation[1] - geometry.padding[1]
                  if column < 0 || column >= image[3] { continue }
                  body(
                    ((n * image[1] + source) * image[2] + row) * image[3] + column,
                    ((filter * weight[1] + channel) * weight[2] + ky) * weight[3] + kx,
                    ((n * result[1] + filter) * result[2] + y) * result[3] + x)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The result, and the gradients of Σ result · cotangent in images and weights.
  func passes(
    _ images: TensorValue<Double>, _ weights: TensorValue<Double>, _ cotangent: TensorValue<Double>
  ) -> [TensorValue<Double>] {
    var y = [Double](repeating: 0, count: result.count)
    var imageGradient = [Double](repeating: 0, count: image.count)
    var weightGradient = [Double](repeating: 0, count: weight.count)
    visit { i, w, r in
      y[r] += images.scalars[i] * weights.scalars[w]
      imageGradient[i] += cotangent.scalars[r] * weights.scalars[w]
      weightGradient[w] += cotangent.scalars[r] * images.scalars[i]
    }
    return [
      TensorValue(shape: result, scalars: y), TensorValue(shape: image, scalars: imageGradient),
      TensorValue(shape: weight, scalars: weightGradient),
    ]
  }
}
