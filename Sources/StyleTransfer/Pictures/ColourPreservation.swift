import Imaging

/// Keeping the colours of the content (Gatys, Bethge, Hertzmann and Shechtman, "Preserving color in
/// neural artistic style transfer", 2016).
///
/// Differs from the paper: for histogram matching the principal axes are not needed, any root of the
/// colours' covariance will do: it is Cholesky's.
enum ColourPreservation {
  /// The brightness alone, in three equal channels.
  static func grey(_ image: Image) -> Image { image.converted(to: 1).converted(to: 3) }

  /// The brightness of one picture with the colours of another of the same size.
  static func recoloured(_ image: Image, by content: Image) -> Image {
    precondition((image.width, image.height) == (content.width, content.height))
    let (bright, coloured) = (image.converted(to: 3), content.converted(to: 3))
    var result = coloured
    for y in 0..<image.height {
      for x in 0..<image.width {
        let change =
          Int(bright.colour(x: x, y: y).luma) - Int(coloured.colour(x: x, y: y).luma)
        for channel in 0..<3 {
          result[x, y, channel] = UInt8(
            clamping: Int(coloured[x, y, channel]) + change)
        }
      }
    }
    return result
  }

  /// A picture whose colours have the mean and covariance of another's.
  static func matched(_ image: Image, to target: Image) -> Image {
    let (image, target) = (image.converted(to: 3), target.converted(to: 3))
    let (from, to) = (ColourStatistics(image), ColourStatistics(target))
    var pixels = image.pixels
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let colour = SIMD3((0..<3).map { Double(pixels[start + $0]) })
      let matched = to.spread(from.whitened(colour))
      for channel in 0..<3 {
        pixels[start + channel] = UInt8(min(max(matched[channel].rounded(), 0), 255))
      }
    }
    return Image(width: image.width, height: image.height, channels: 3, pixels: pixels)
  }
}

/// The mean of a picture's colours and Cholesky's root of their covariance.
private struct ColourStatistics {
  let mean: SIMD3<Double>
  /// Lower triangular, [row][column].
  let root: [[Double]]

  /// Added to variances, in squared steps of brightness: a picture of one colour has some too.
  private static let leastVariance = 1.0

  init(_ image: Image) {
    var sum = SIMD3<Double>()
    var products = [[Double]](repeating: [0, 0, 0], count: 3)
    for start in stride(from: 0, to: image.pixels.count, by: 3) {
      let colour = SIMD3((0..<3).map { Double(image.pixels[start + $0]) })
      sum += colour
      for row in 0..<3 {
        for column in 0...row { products[row][column] += colour[row] * colour[column] }
      }
    }
    let count = Double(image.pixels.count / 3)
    mean = sum / count
    var root = [[Double]](repeating: [0, 0, 0], count: 3)
    for row in 0..<3 {
      for column in 0...row {
        var rest = products[row][column] / count - mean[row] * mean[column]
        if row == column { rest += Self.leastVariance }
        for inner in 0..<column { rest -= root[row][inner] * root[column][inner] }
        root[row][column] =
          row == column
          ? max(rest, Self.leastVariance).squareRoot() : rest / root[column][column]
      }
    }
    self.root = root
  }

  /// A colour without the mean and covariance.
  func whitened(_ colour: SIMD3<Double>) -> SIMD3<Double> {
    let centred = colour - mean
    var white = SIMD3<Double>()
    for row in 0..<3 {
      var rest = centred[row]
      for column in 0..<row { rest -= root[row][column] * white[column] }
      white[row] = rest / root[row][row]
    }
    return white
  }

  /// A white colour with the mean and covariance.
  func spread(_ white: SIMD3<Double>) -> SIMD3<Double> {
    var colour = mean
    for row in 0..<3 {
      for column in 0...row { colour[row] += root[row][column] * white[column] }
    }
    return colour
  }
}
