import Glibc

extension Image {
  /// The image with every pixel `factor` pixels wide and high: pixel art stays sharp.
  public func scaled(by factor: Int) -> Image {
    precondition(factor >= 1, "a scale of \(factor) leaves nothing")
    if factor == 1 { return self }
    var scaled: [UInt8] = []
    scaled.reserveCapacity(pixels.count * factor * factor)
    for y in 0..<height {
      var row: [UInt8] = []
      row.reserveCapacity(width * factor * channels)
      for start in stride(from: y * width * channels, to: (y + 1) * width * channels, by: channels)
      {
        for _ in 0..<factor { row += pixels[start..<(start + channels)] }
      }
      for _ in 0..<factor { scaled += row }
    }
    return Image(width: width * factor, height: height * factor, channels: channels, pixels: scaled)
  }

  /// Extents brought to a longer side of so many pixels, and rounded to multiples of `alignment`, one
  /// at least.
  public static func fitted(
    _ extents: (width: Int, height: Int), to side: Int, alignment: Int = 1
  ) -> (width: Int, height: Int) {
    let divisor = max(extents.width, extents.height) * alignment
    func scaled(_ extent: Int) -> Int {
      max(1, (2 * extent * side + divisor) / (2 * divisor)) * alignment
    }
    return (scaled(extents.width), scaled(extents.height))
  }

  /// The image with a longer side of so many pixels.
  public func fitted(to side: Int) -> Image {
    let (width, height) = Self.fitted((width, height), to: side)
    return resized(width: width, height: height)
  }

  /// The image at another size. A side that shrinks averages the area under each new pixel, a side
  /// that grows follows the cubic of Catmull and Rom (1974); both in linear light, and where there
  /// is an opacity weighted by it.
  public func resized(width newWidth: Int, height newHeight: Int) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "\(newWidth)x\(newHeight) pixels are none")
    if (newWidth, newHeight) == (width, height) { return self }
    let columns = Resampling.taps(from: width, to: newWidth)
    let rows = Resampling.taps(from: height, to: newHeight)

    let rowSize = newWidth * channels
    var narrowed = [Float](repeating: 0, count: height * rowSize)
    for y in 0..<height {
      let light = linearLight(ofRow: y)
      for (x, tap) in columns.enumerated() {
        for (step, weight) in tap.weights.enumerated() {
          let source = (tap.first + step) * channels
          for channel in 0..<channels {
            narrowed[y * rowSize + x * channels + channel] += weight * light[source + channel]
          }
        }
      }
    }
    var resized = [Float](repeating: 0, count: newHeight * rowSize)
    for (y, tap) in rows.enumerated() {
      for (step, weight) in tap.weights.enumerated() {
        let source = (tap.first + step) * rowSize
        for place in 0..<rowSize {
          resized[y * rowSize + place] += weight * narrowed[source + place]
        }
      }
    }
    return Image(linearLight: resized, width: newWidth, height: newHeight, channels: channels)
  }

  /// The samples of a row in linear light, 0...1, colours multiplied by the opacity.
  private func linearLight(ofRow y: Int) -> [Float] {
    let pixels = Array(self.pixels[y * width * channels..<(y + 1) * width * channels])
    if channels < 4 { return pixels.map { SRGB.linear[Int($0)] } }
    var light = [Float](repeating: 0, count: pixels.count)
    for start in stride(from: 0, to: pixels.count, by: 4) {
      let alpha = Float(pixels[start + 3]) / 255
      for channel in 0..<3 {
        light[start + channel] = alpha * SRGB.linear[Int(pixels[start + channel])]
      }
      light[start + 3] = alpha
    }
    return light
  }

  /// The image of samples as `linearLight` gives them, clamped to 0...1.
  private init(linearLight light: [Float], width: Int, height: Int, channels: Int) {
    var pixels: [UInt8] = []
    if channels < 4 {
      pixels = light.map(SRGB.encoded)
    } else {
      pixels.reserveCapacity(light.count)
      for start in stride(from: 0, to: light.count, by: 4) {
        let alpha = min(max(light[start + 3], 0), 1)
        for channel in 0..<3 {
          pixels.append(alpha > 0 ? SRGB.encoded(light[start + channel] / alpha) : 0)
        }
        pixels.append(UInt8((alpha * 255).rounded()))
      }
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }
}

/// The transfer function of sRGB (IEC 61966-2-1), by tables.
private enum SRGB {
  /// The light of each 8-bit sample, 0...1.
  static let linear: [Float] = (0...255).map { sample in
    let value = Float(sample) / 255
    return value <= 0.04045 ? value / 12.92 : powf((value + 0.055) / 1.055, 2.4)
  }

  /// The 8-bit sample of each of 65,536 steps of light: the darkest samples, which are the closest,
  /// are 20 steps apart.
  private static let samples: [UInt8] = (0...65_535).map { step in
    let light = Float(step) / 65_535
    let value = light <= 0.0031308 ? light * 12.92 : 1.055 * powf(light, 1 / 2.4) - 0.055
    return UInt8((value * 255).rounded())
  }

  /// The 8-bit sample nearest to some light, clamped to 0...1.
  static func encoded(_ light: Float) -> UInt8 {
    samples[Int((min(max(light, 0), 1) * 65_535).rounded())]
  }
}

private enum Resampling {
  /// The source samples that make up a new one: their weights, from the place of the first. The
  /// weights add up to 1.
  struct Tap {
    var first: Int
    var weights: [Float]
  }

  /// The taps of each sample of a line that goes from `count` to `newCount` samples.
  static func taps(from count: Int, to newCount: Int) -> [Tap] {
    let step = Double(count) / Double(newCount)
    return (0..<newCount).map { place in
      newCount <= count
        ? areaTap(from: Double(place) * step, to: Double(place + 1) * step, count: count)
        : cubicTap(at: (Double(place) + 0.5) * step - 0.5, count: count)
    }
  }

  private static func areaTap(from start: Double, to end: Double, count: Int) -> Tap {
    let first = min(Int(start), count - 1)
    let last = max(first, min(Int(end.rounded(.up)), count) - 1)
    let weights = (first...last).map { max(min(end, Double($0 + 1)) - max(start, Double($0)), 0) }
    return normalized(Tap(first: first, weights: weights.map(Float.init)))
  }

  private static func cubicTap(at position: Double, count: Int) -> Tap {
    let base = Int(position.rounded(.down))
    // Samples beyond an edge repeat it, so their weight goes to the edge.
    let first = min(max(base - 1, 0), count - 1)
    let last = max(min(base + 2, count - 1), first)
    var weights = [Float](repeating: 0, count: last - first + 1)
    for sample in (base - 1)...(base + 2) {
      let weight = catmullRom(abs(position - Double(sample)))
      weights[min(max(sample, first), last) - first] += Float(weight)
    }
    return normalized(Tap(first: first, weights: weights))
  }

  private static func normalized(_ tap: Tap) -> Tap {
    let sum = tap.weights.reduce(0, +)
    return Tap(first: tap.first, weights: tap.weights.map { $0 / sum })
  }

  /// The kernel of Catmull and Rom at a distance in samples; 0 from 2 on.
  private static func catmullRom(_ distance: Double) -> Double {
    if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
    if distance < 2 { return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 }
    return 0
  }
}
