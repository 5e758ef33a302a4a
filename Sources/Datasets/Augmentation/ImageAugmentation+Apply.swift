import Randomness

extension ImageAugmentation {
  /// The most images of a step: what the streams of two steps are apart.
  private static let greatestBatch: UInt64 = 1 << 16

  /// Changes the images of a batch, [images, channels, height, width], each by numbers of its own:
  /// a function of the seed, the step and the image's place in the batch.
  public func apply(
    to batch: inout [UInt8], channels: Int, height: Int, width: Int, seed: UInt64, step: Int
  ) {
    let size = channels * height * width
    precondition(size > 0 && batch.count % size == 0, "a batch of another size")
    precondition(batch.count / size <= Self.greatestBatch, "more images than streams")
    for number in 0..<batch.count / size {
      var random = RandomStream(
        seed: seed, name: "augmentation",
        index: UInt64(step) &* Self.greatestBatch &+ UInt64(number))
      let variation = ImageVariation(self, width: width, height: height, random: &random)
      if variation.keepsPlaces && variation.keepsColours { continue }
      let place = number * size..<(number + 1) * size
      let planes = Planes(channels: channels, height: height, width: width)
      var samples = planes.moved(batch[place], by: variation, fill: fill)
      planes.recolour(&samples, by: variation)
      for (index, sample) in zip(place, samples) {
        batch[index] = UInt8(min(max(sample, 0), 255) + 0.5)
      }
    }
  }
}

/// Images of one shape, a plane a channel.
private struct Planes {
  let channels: Int
  let height: Int
  let width: Int

  /// The weights of red, green and blue in a pixel's grey (ITU-R BT.601, as torchvision and PIL).
  private static let luma: [Float] = [0.299, 0.587, 0.114]

  /// An image moved, between pixels by the four around (bilinear).
  func moved(
    _ image: ArraySlice<UInt8>, by variation: ImageVariation, fill: ImageAugmentation.Fill
  ) -> [Float] {
    if variation.keepsPlaces { return image.map { Float($0) } }
    let image = Array(image)
    let plane = height * width
    var samples = [Float](repeating: 0, count: image.count)
    let centre = SIMD2(Float(width - 1), Float(height - 1)) / 2
    for row in 0..<height {
      for column in 0..<width {
        let place = SIMD2(Float(column), Float(row)) - centre - variation.shift
        let source =
          centre + SIMD2((variation.x * place).sum(), (variation.y * place).sum())
        let first = source.rounded(.down)
        let share = source - first
        let (left, top) = (Int(first.x), Int(first.y))
        let (upper, lower) = (seen(top, of: height, fill), seen(top + 1, of: height, fill))
        let (near, far) = (seen(left, of: width, fill), seen(left + 1, of: width, fill))
        for channel in 0..<channels {
          func sample(_ y: Int?, _ x: Int?) -> Float {
            guard let y, let x else { return 0 }
            return Float(image[channel * plane + y * width + x])
          }
          let above = sample(upper, near) * (1 - share.x) + sample(upper, far) * share.x
          let below = sample(lower, near) * (1 - share.x) + sample(lower, far) * share.x
          samples[channel * plane + row * width + column] =
            above * (1 - share.y) + below * share.y
        }
      }
    }
    return samples
  }

  /// Which place of an axis is seen at one that may lie beyond its ends; nil for black.
  private func seen(_ place: Int, of extent: Int, _ fill: ImageAugmentation.Fill) -> Int? {
    if (0..<extent).contains(place) { return place }
    switch fill {
    case .zeros: return nil
    case .edge: return min(max(place, 0), extent - 1)
    case .reflect:
      if extent == 1 { return 0 }
      let period = 2 * (extent - 1)
      let within = ((place % period) + period) % period
      return min(within, period - within)
    }
  }

  /// Changes brightness, then contrast, then saturation.
  func recolour(_ samples: inout [Float], by variation: ImageVariation) {
    if variation.keepsColours { return }
    let plane = height * width
    for index in samples.indices {
      samples[index] = min(255, samples[index] * variation.brightness)
    }
    var sum: Float = 0
    for pixel in 0..<plane { sum += grey(samples, pixel) }
    let mean = sum / Float(plane)
    for index in samples.indices {
      samples[index] = min(max(mean + (samples[index] - mean) * variation.contrast, 0), 255)
    }
    guard channels == 3 else { return }
    for pixel in 0..<plane {
      let grey = grey(samples, pixel)
      for channel in 0..<3 {
        let index = channel * plane + pixel
        samples[index] = grey + (samples[index] - grey) * variation.saturation
      }
    }
  }

  private func grey(_ samples: [Float], _ pixel: Int) -> Float {
    guard channels == 3 else { return samples[pixel] }
    let plane = height * width
    return Self.luma[0] * samples[pixel] + Self.luma[1] * samples[plane + pixel]
      + Self.luma[2] * samples[2 * plane + pixel]
  }
}
