/// A picture in memory: rows from top to bottom, pixels from left to right, channels side by side.
public struct Image: Sendable, Hashable {
  /// Pixels a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 (grey), 3 (sRGB) or 4 (sRGB and opacity, not premultiplied).
  public let channels: Int
  /// The samples, `height * width * channels` of them.
  public private(set) var pixels: [UInt8]

  /// An image of the given samples, `height * width * channels` of them.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width)x\(height) pixels is empty")
    precondition([1, 3, 4].contains(channels), "an image has 1, 3 or 4 channels, not \(channels)")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) samples do not fill \(width)x\(height)x\(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// An image of one colour: its luma where `channels` is 1, without its opacity where it is 3.
  public init(width: Int, height: Int, channels: Int = 3, filledWith colour: Colour) {
    let pixel =
      switch channels {
      case 1: [colour.luma]
      case 3: [colour.red, colour.green, colour.blue]
      default: [colour.red, colour.green, colour.blue, colour.alpha]
      }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels)
    for _ in 0..<(width * height) { pixels += pixel }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// An image of values in 0...1 laid out [channels, height, width], as networks have them.
  /// Values outside are clamped, NaN becomes 0.
  public init(planar values: [Float], channels: Int, height: Int, width: Int) {
    self.init(
      planar: values.map { $0 > 0 ? UInt8((min($0, 1) * 255).rounded()) : 0 }, channels: channels,
      height: height, width: width)
  }

  /// An image of samples laid out [channels, height, width].
  public init(planar samples: [UInt8], channels: Int, height: Int, width: Int) {
    precondition(
      samples.count == channels * height * width,
      "\(samples.count) values do not fill [\(channels), \(height), \(width)]")
    var pixels = [UInt8](repeating: 0, count: samples.count)
    let plane = height * width
    for (place, sample) in samples.enumerated() {
      let (channel, position) = place.quotientAndRemainder(dividingBy: plane)
      pixels[position * channels + channel] = sample
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Images of values laid out [count, channels, height, width], each as `init(planar:)` takes it.
  public static func images(
    planar values: some RandomAccessCollection<Float>, channels: Int, height: Int, width: Int
  ) -> [Image] {
    let size = channels * height * width
    let values = Array(values)
    precondition(values.count % size == 0, "\(values.count) values of images of \(size)")
    return stride(from: 0, to: values.count, by: size).map { start in
      Image(
        planar: Array(values[start..<start + size]), channels: channels, height: height,
        width: width)
    }
  }

  /// The samples laid out [channels, height, width], as networks have them.
  public var planarPixels: [UInt8] {
    (0..<channels).flatMap { channel in
      stride(from: channel, to: pixels.count, by: channels).map { pixels[$0] }
    }
  }

  /// Red, green and blue as networks have them: [3, height, width] in 0...1.
  public var planarValues: [Float] { converted(to: 3).planarPixels.map { Float($0) / 255 } }

  /// One sample, 0...255.
  public subscript(x: Int, y: Int, channel: Int) -> UInt8 {
    get { pixels[index(x, y, channel)] }
    set { pixels[index(x, y, channel)] = newValue }
  }

  /// The colour of one pixel: grey where there is one channel, opaque where there are fewer than 4.
  public func colour(x: Int, y: Int) -> Colour {
    let first = index(x, y, 0)
    if channels == 1 {
      return Colour(red: pixels[first], green: pixels[first], blue: pixels[first])
    }
    return Colour(
      red: pixels[first], green: pixels[first + 1], blue: pixels[first + 2],
      alpha: channels == 4 ? pixels[first + 3] : 255)
  }

  private func index(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    precondition(
      0..<width ~= x && 0..<height ~= y && 0..<channels ~= channel,
      "(\(x), \(y), \(channel)) is outside of \(width)x\(height)x\(channels)")
    return (y * width + x) * channels + channel
  }

  /// The image with the given number of channels. Grey is repeated, colours become their luma
  /// (ITU-R BT.601), and an opacity that has to go is blended over `background`.
  public func converted(to newChannels: Int, over background: Colour = .white) -> Image {
    if newChannels == channels { return self }
    var converted: [UInt8] = []
    converted.reserveCapacity(width * height * newChannels)
    for y in 0..<height {
      for x in 0..<width {
        var colour = colour(x: x, y: y)
        if newChannels < 4, colour.alpha < 255 { colour = colour.blended(over: background) }
        if newChannels == 1 {
          converted.append(colour.luma)
        } else {
          converted.append(colour.red)
          converted.append(colour.green)
          converted.append(colour.blue)
          if newChannels == 4 { converted.append(colour.alpha) }
        }
      }
    }
    return Image(width: width, height: height, channels: newChannels, pixels: converted)
  }
}
