import Glibc
import Randomness

/// One draw of the changes that an augmentation allows.
///
/// Sines and cosines are those of single precision.
struct ImageVariation {
  /// Where a pixel comes from, relative to the centre: rows of a matrix for x and y.
  let x: SIMD2<Float>
  let y: SIMD2<Float>
  /// How far the image is moved, in pixels.
  let shift: SIMD2<Float>
  /// What samples are multiplied by.
  let brightness: Float
  /// What distances from the mean grey are multiplied by.
  let contrast: Float
  /// What distances from a pixel's grey are multiplied by.
  let saturation: Float

  /// Draws the changes of one image. All numbers are drawn whichever are used, so that no range
  /// changes what another one gives.
  init(
    _ ranges: ImageAugmentation, width: Int, height: Int, random: inout RandomStream
  ) {
    /// Even in -range ... range.
    func even(_ range: Double) -> Float { Float(range) * (2 * random.uniform() - 1) }
    let turn = even(ranges.rotation) * .pi / 180
    let slant = even(ranges.shear) * .pi / 180
    let size = 1 + even(ranges.zoom)
    var shift = SIMD2(
      even(ranges.translation) * Float(width), even(ranges.translation) * Float(height))
    let mirrored = SIMD2<Float>(
      random.uniform() < Float(ranges.horizontalFlip) ? -1 : 1,
      random.uniform() < Float(ranges.verticalFlip) ? -1 : 1)
    for axis in 0..<2 {
      shift[axis] += Float(random.integer(below: 2 * ranges.cropPadding + 1) - ranges.cropPadding)
    }
    self.shift = shift
    brightness = 1 + even(ranges.brightness)
    contrast = 1 + even(ranges.contrast)
    saturation = 1 + even(ranges.saturation)

    let (sine, cosine) = (sinf(turn), cosf(turn))
    let slope = sinf(slant) / cosf(slant)
    // The inverse of turn · slant · size · mirror, since each new pixel asks where it comes from.
    let scale = mirrored / size
    x = SIMD2(cosine + slope * sine, sine - slope * cosine) * scale.x
    y = SIMD2(-sine, cosine) * scale.y
  }

  /// Whether every pixel stays in its place.
  var keepsPlaces: Bool {
    x == SIMD2(1, 0) && y == SIMD2(0, 1) && shift == .zero
  }

  /// Whether every colour stays.
  var keepsColours: Bool { brightness == 1 && contrast == 1 && saturation == 1 }
}
