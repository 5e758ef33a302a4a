import Imaging

/// An image of reproducible noise (the 64-bit linear congruential generator of Knuth's MMIX).
func noise(width: Int, height: Int, channels: Int) -> Image {
  var state: UInt64 = 1
  let pixels = (0..<(width * height * channels)).map { _ -> UInt8 in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
  return Image(width: width, height: height, channels: channels, pixels: pixels)
}
