import FileFormats
import Randomness

/// A set of coloured pictures that are drawn here: each a function of its number, at any size.
protocol DrawnSet: SendableMetatype {
  /// The picture of a number, its numbers drawn from the stream.
  init(random: inout RandomStream)

  /// The colour at a point, both coordinates in 0 ... 1, y downwards; each part in 0 ... 1.
  func colour(x: Double, y: Double) -> SIMD3<Double>

  /// The set's name in the catalogue.
  static var name: String { get }
  /// Pictures to learn from.
  static var trainCount: Int { get }
  /// Pictures to be judged by.
  static var testCount: Int { get }
}

extension DrawnSet {
  /// Height and width where nobody asks for another.
  private static var usualSize: Int { 128 }
  /// Heights and widths that can be asked for.
  private static var sizes: ClosedRange<Int> { 16...1024 }

  static func entry(summary: String) -> DatasetEntry {
    DatasetEntry(name: name, summary: summary, found: { _ in true }) { options throws(FileError) in
      let size = options.size ?? usualSize
      guard sizes.contains(size) else {
        throw FileError(
          .unsupported, path: name,
          "images of \(size)x\(size), expected \(sizes.lowerBound) to \(sizes.upperBound) pixels")
      }
      let limit = options.limit ?? .max
      let test = min(limit, testCount)
      return Dataset(
        name: name, source: "drawn by the program, \(size)x\(size)",
        train: images(testCount..<testCount + min(limit, trainCount), size: size),
        test: images(0..<test, size: size), files: [])
    }
  }

  private static func images(_ numbers: Range<Int>, size: Int) -> ImageSet {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(numbers.count * 3 * size * size)
    for number in numbers { pixels += planarPixels(ofNumber: number, size: size) }
    return ImageSet(
      channels: 3, height: size, width: size, pixels: pixels,
      labels: [Int32](repeating: 0, count: numbers.count), classNames: [name])
  }

  /// A picture [3, size, size]: each pixel the mean of four points in it.
  static func planarPixels(ofNumber number: Int, size: Int) -> [UInt8] {
    var random = RandomStream(seed: 0, name: name, index: UInt64(number))
    let picture = Self(random: &random)
    let plane = size * size
    var pixels = [UInt8](repeating: 0, count: 3 * plane)
    for row in 0..<size {
      for column in 0..<size {
        var sum = SIMD3<Double>.zero
        for point in 0..<4 {
          sum += picture.colour(
            x: (Double(column) + 0.25 + 0.5 * Double(point % 2)) / Double(size),
            y: (Double(row) + 0.25 + 0.5 * Double(point / 2)) / Double(size))
        }
        for channel in 0..<3 {
          let value = (sum[channel] * 255 / 4).rounded()
          pixels[channel * plane + row * size + column] = UInt8(min(max(value, 0), 255))
        }
      }
    }
    return pixels
  }
}

/// What pictures are drawn of. Only exact operations: the same bytes on every machine.
enum Drawn {
  /// A number in a range.
  static func number(_ range: ClosedRange<Double>, _ random: inout RandomStream) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * random.uniformDouble()
  }

  /// A colour between two.
  static func mix(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ share: Double) -> SIMD3<Double> {
    a + (b - a) * share
  }

  /// 0 ... 1 without a kink: 3 x² - 2 x³.
  static func smooth(_ x: Double) -> Double { x * x * (3 - 2 * x) }

  /// A direction that is drawn evenly among 16 around the half circle.
  static func direction(_ random: inout RandomStream) -> SIMD2<Double> {
    // Half angles by square roots: exact, which sines are not.
    var (cosine, sine) = (-1.0, 0.0)
    for _ in 0..<4 {
      (cosine, sine) = (
        ((1 + cosine) / 2).squareRoot(), (max(0, 1 - cosine) / 2).squareRoot()
      )
    }
    var direction = SIMD2(1.0, 0.0)
    for _ in 0..<random.integer(below: 16) {
      direction = SIMD2(
        direction.x * cosine - direction.y * sine, direction.x * sine + direction.y * cosine)
    }
    return direction
  }

  /// A number in 0 ... 1 for each point of a lattice, without pattern.
  static func noise(_ x: Int, _ y: Int, _ seed: UInt32) -> Double {
    var word =
      seed &+ UInt32(truncatingIfNeeded: x) &* 0x9E37_79B9
      ^ UInt32(truncatingIfNeeded: y) &* 0x85EB_CA6B
    // The finalizer of MurmurHash3 (Appleby 2011).
    word = (word ^ word >> 16) &* 0x85EB_CA6B
    word = (word ^ word >> 13) &* 0xC2B2_AE35
    return Double(word ^ word >> 16) / 4_294_967_296
  }

  /// The noise of the lattice, smooth between its points.
  static func cloud(_ x: Double, _ y: Double, _ seed: UInt32) -> Double {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (smooth(x - left), smooth(y - top))
    let (column, row) = (Int(left), Int(top))
    func mixed(_ row: Int) -> Double {
      let (a, b) = (noise(column, row, seed), noise(column + 1, row, seed))
      return a + (b - a) * u
    }
    let (above, below) = (mixed(row), mixed(row + 1))
    return above + (below - above) * v
  }
}
