import FileFormats

/// How bright the pixels of images are, channel by channel. Sums are of whole numbers, so that no
/// order of the images changes a bit.
public struct PixelStatistics: Sendable, Hashable {
  /// The mean of each channel, in 0 ... 255.
  public let means: [Double]
  /// The standard deviation of each channel, in 0 ... 127.5.
  public let deviations: [Double]

  /// Images that are gathered at a time.
  private static let batch = 256

  /// The statistics of all images of a source, of which there is at least one.
  ///
  /// - Throws: what reading a file throws.
  public init(of source: any ImageSource) throws(FileError) {
    precondition(source.imageSize > 0 && source.count > 0, "statistics of no pixels")
    let plane = source.height * source.width
    var sums = [Int](repeating: 0, count: source.channels)
    var squares = sums
    var pixels: [UInt8] = []
    for start in stride(from: 0, to: source.count, by: Self.batch) {
      let end = min(source.count, start + Self.batch)
      try source.gather(Int32(start)..<Int32(end), into: &pixels)
      for (number, first) in stride(from: 0, to: pixels.count, by: plane).enumerated() {
        var (sum, square) = (0, 0)
        for pixel in pixels[first..<first + plane] {
          sum &+= Int(pixel)
          square &+= Int(pixel) &* Int(pixel)
        }
        sums[number % source.channels] += sum
        squares[number % source.channels] += square
      }
    }
    let count = Double(source.count * plane)
    let means = sums.map { Double($0) / count }
    self.means = means
    deviations = zip(squares, means).map { square, mean in
      max(0, Double(square) / count - mean * mean).squareRoot()
    }
  }
}
