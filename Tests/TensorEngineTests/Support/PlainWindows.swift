import TensorEngine

/// Windows over images [N, C, ...] by the definition: one loop per index.
struct PlainWindows: Sendable, CustomStringConvertible {
  let image: Shape
  let size: [Int]
  let stride: [Int]
  var dilation: [Int] = []
  let before: [Int]
  /// The number of windows along each axis, as reckoned by hand.
  let counts: [Int]

  var description: String { "\(size) over \(image) by \(stride), \(before) before, \(counts)" }

  var extents: [Int] { Array(image.dimensions.dropFirst(2)) }
  var planes: Int { image[0] * image[1] }
  var result: Shape { Shape(image.dimensions[..<2] + counts) }

  /// Calls `body` for each tap of each window of a plane that is on a pixel, windows and taps in
  /// row-major order; all three as offsets within their plane.
  func visit(_ body: (_ window: Int, _ tap: Int, _ pixel: Int) -> Void) {
    for (window, place) in Shape(counts).places.enumerated() {
      for (tap, offset) in Shape(size).places.enumerated() {
        let pixel = extents.indices.map { axis in
          place[axis] * stride[axis] + offset[axis] * (dilation.isEmpty ? 1 : dilation[axis])
            - before[axis]
        }
        if zip(pixel, extents).allSatisfy({ $0 >= 0 && $0 < $1 }) {
          body(window, tap, zip(pixel, extents).reduce(0) { $0 * $1.1 + $1.0 })
        }
      }
    }
  }

  /// The pixels under each window.
  var pixels: [[Int]] {
    var pixels = [[Int]](repeating: [], count: Shape(counts).count)
    visit { window, _, pixel in pixels[window].append(pixel) }
    return pixels
  }

  /// A value for each window of each plane, computed from the plane's pixels under it.
  func results(_ images: TensorValue<Double>, _ combine: ([(Int, Double)]) -> Double)
    -> TensorValue<Double>
  {
    let (pixels, volume) = (pixels, Shape(extents).count)
    return TensorValue(
      shape: result,
      scalars: (0..<planes).flatMap { plane in
        pixels.map { under in combine(under.map { ($0, images.scalars[plane * volume + $0]) }) }
      })
  }

  /// How many places each window of a plane covers, up to `after` beyond the image.
  func coveredPlaces(after: [Int]) -> [Double] {
    Shape(counts).places.map { place in
      place.indices.reduce(1.0) { product, axis in
        let start = place[axis] * stride[axis] - before[axis]
        return product * Double(min(start + size[axis], extents[axis] + after[axis]) - start)
      }
    }
  }

  /// The convolution with weights, and the gradient of Σ result · cotangent in the images.
  func convolution(
    _ images: TensorValue<Double>, _ weights: TensorValue<Double>, groups: Int,
    cotangent: TensorValue<Double>
  ) -> [TensorValue<Double>] {
    let (filters, channels) = (weights.shape[0], weights.shape[1])
    let (volume, windows, taps) = (Shape(extents).count, Shape(counts).count, Shape(size).count)
    var result = TensorValue(
      repeating: 0.0, shape: Shape([image[0], filters] + counts))
    var gradient = TensorValue(repeating: 0.0, shape: image)
    for n in 0..<image[0] {
      for filter in 0..<filters {
        for channel in 0..<channels {
          let source = n * image[1] + filter / (filters / groups) * channels + channel
          visit { window, tap, pixel in
            let w = weights.scalars[(filter * channels + channel) * taps + tap]
            let (i, r) = (source * volume + pixel, (n * filters + filter) * windows + window)
            result.scalars[r] += w * images.scalars[i]
            gradient.scalars[i] += w * cotangent.scalars[r]
          }
        }
      }
    }
    return [result, gradient]
  }
}
