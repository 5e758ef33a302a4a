import FileFormats
import Randomness

extension DatasetEntry {
  /// Made here, so always there; `size` is 32 (the default) or 64.
  static let sprites = DatasetEntry(
    name: "sprites",
    summary:
      "49,152 made images of a square, ellipse or heart, its place, scale and tilt as labels",
    found: { _ in true },
    read: { options throws(FileError) in
      let size = options.size ?? 32
      guard let sprites = Sprites(size: size) else {
        throw FileError(
          .unsupported, path: "sprites", "images of \(size)x\(size), expected 32x32 or 64x64")
      }
      return sprites.dataset()
    })
}

/// White shapes on black, one image for each combination of shape, scale, tilt and place: a set
/// in the manner of dSprites (Matthey, Higgins, Hassabis and Lerchner 2017) that needs no files
/// and has no two equal images, since the tilt stays within the quarter turn that brings the
/// square back to itself.
struct Sprites {
  static let classNames = ["square", "ellipse", "heart"]
  static let factorNames = ["shape", "scale", "tilt", "x", "y"]
  static let factorSizes = [3, 4, 16, 16, 16]
  /// Of the images in the fixed order of the set, the first so many are for testing.
  static let testCount = 6144

  /// Pixels between neighbouring places; all lengths grow with it.
  private let unit: Int
  /// Height and width of an image.
  let size: Int
  /// Height and width of a stamp: what is left of an image beside the 15 steps between places.
  private var stampSize: Int { size - 15 * unit }

  /// Images of 32 x 32 or 64 x 64; nil for any other size.
  init?(size: Int) {
    guard size == 32 || size == 64 else { return nil }
    self.size = size
    unit = size / 32
  }

  func dataset() -> Dataset {
    let stamps = self.stamps()
    let count = Self.factorSizes.reduce(1, *)
    // An order without pattern, so that a part of the set holds some of everything.
    var stream = RandomStream(seed: 0, name: "sprites")
    let order = stream.permutation(of: count)
    return Dataset(
      name: "sprites", source: "made by the program, \(size)x\(size)",
      train: images(order[Self.testCount...], stamps),
      test: images(order[..<Self.testCount], stamps), files: [])
  }

  /// The images of these combinations, each the stamp of its shape, scale and tilt at its place.
  private func images(_ combinations: ArraySlice<Int32>, _ stamps: [[UInt8]]) -> ImageSet {
    var pixels = [UInt8](repeating: 0, count: combinations.count * size * size)
    var values: [Int32] = []
    values.reserveCapacity(combinations.count * Self.factorSizes.count)
    for (image, combination) in combinations.enumerated() {
      var rest = Int(combination)
      let y = rest % 16
      rest /= 16
      let x = rest % 16
      rest /= 16
      let stamp = stamps[rest]
      for row in 0..<stampSize {
        let target = (image * size + y * unit + row) * size + x * unit
        for column in 0..<stampSize {
          pixels[target + column] = stamp[row * stampSize + column]
        }
      }
      values += [rest / 64, rest / 16 % 4, rest % 16, x, y].map(Int32.init)
    }
    let labels = stride(from: 0, to: values.count, by: Self.factorSizes.count).map { values[$0] }
    return ImageSet(
      channels: 1, height: size, width: size, pixels: pixels, labels: labels,
      classNames: Self.classNames,
      factors: ImageSet.Factors(
        names: Self.factorNames, sizes: Self.factorSizes, values: values))
  }

  /// A stamp for each shape, scale and tilt, the tilt changing fastest.
  private func stamps() -> [[UInt8]] {
    // Half angles by square roots and sums of angles by products: exact rounding, so the same
    // bytes on every machine, which sines do not promise.
    var (cosine, sine) = (0.0, 1.0)
    for _ in 0..<4 {
      (cosine, sine) = (((1 + cosine) / 2).squareRoot(), ((1 - cosine) / 2).squareRoot())
    }
    var stamps: [[UInt8]] = []
    for shape in Self.classNames.indices {
      for scale in 0..<4 {
        let radius = Double(unit) * (5 + Double(scale))
        var (x, y) = (1.0, 0.0)
        for _ in 0..<16 {
          stamps.append(stamp(shape, radius: radius, cosine: x, sine: y))
          (x, y) = (x * cosine - y * sine, x * sine + y * cosine)
        }
      }
    }
    return stamps
  }

  /// A shape in the middle of a stamp; a pixel's grey is the share of its 8 x 8 points inside.
  private func stamp(_ shape: Int, radius: Double, cosine: Double, sine: Double) -> [UInt8] {
    let middle = Double(stampSize) / 2
    var stamp: [UInt8] = []
    for row in 0..<stampSize {
      for column in 0..<stampSize {
        var inside = 0
        for point in 0..<64 {
          let x = (Double(column) + (Double(point % 8) + 0.5) / 8 - middle) / radius
          let y = (Double(row) + (Double(point / 8) + 0.5) / 8 - middle) / radius
          if Self.contains(shape, x * cosine + y * sine, x * sine - y * cosine) { inside += 1 }
        }
        stamp.append(UInt8((inside * 255 + 32) / 64))
      }
    }
    return stamp
  }

  /// Whether a shape of radius 1 around the origin, y upward, holds a point.
  private static func contains(_ shape: Int, _ x: Double, _ y: Double) -> Bool {
    switch shape {
    case 0: return x * x <= 0.5 && y * y <= 0.5
    case 1: return x * x + 4 * y * y <= 1
    default:
      // (x^2 + y^2 - 1)^3 <= x^2 y^3 lies within 1.36 of the point (0, 0.1).
      let (u, v) = (1.36 * x, 1.36 * y + 0.1)
      let ring = u * u + v * v - 1
      return ring * ring * ring <= u * u * v * v * v
    }
  }
}
