import Imaging

/// Labelled images of one size in memory. Bytes stay bytes: they are scaled where they are used.
public struct ImageSet: Sendable, Hashable {
  /// How many images there are.
  public let count: Int
  /// 1 for grey, 3 for sRGB.
  public let channels: Int
  /// Rows.
  public let height: Int
  /// Pixels a row.
  public let width: Int
  /// The samples, 0...255, laid out [count, channels, height, width].
  public let pixels: [UInt8]
  /// The class of each image, a place in `classNames`.
  public let labels: [Int32]
  /// What the classes are called.
  public let classNames: [String]
  /// What each image was made from, if that is known.
  public let factors: Factors?

  /// What images were made from: the same factors for each, a value for each of them.
  public struct Factors: Sendable, Hashable {
    /// What the factors are called.
    public let names: [String]
    /// How many values each factor takes: 0 ..< size.
    public let sizes: [Int]
    /// The values, [image, factor].
    public let values: [Int32]

    /// Factors with their values, [image, factor].
    public init(names: [String], sizes: [Int], values: [Int32]) {
      precondition(names.count == sizes.count && values.count % names.count == 0)
      self.names = names
      self.sizes = sizes
      self.values = values
    }

    /// The values of one image, a value a factor.
    public subscript(image: Int) -> ArraySlice<Int32> {
      values[(image * names.count)..<((image + 1) * names.count)]
    }
  }

  /// A set of the images in `pixels`, [count, channels, height, width], one a label.
  public init(
    channels: Int, height: Int, width: Int, pixels: [UInt8], labels: [Int32],
    classNames: [String], factors: Factors? = nil
  ) {
    precondition(
      pixels.count == labels.count * channels * height * width,
      "\(pixels.count) samples for \(labels.count) images of \(channels)x\(height)x\(width)")
    precondition(
      labels.allSatisfy { classNames.indices.contains(Int($0)) }, "a label without a class")
    precondition(
      factors.map { $0.values.count == labels.count * $0.names.count } ?? true,
      "factors of another number of images")
    self.count = labels.count
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
    self.classNames = classNames
    self.factors = factors
  }

  /// The first `limit` (at least 0) images, or all if there are fewer.
  public func prefix(_ limit: Int) -> ImageSet {
    guard limit < count else { return self }
    return ImageSet(
      channels: channels, height: height, width: width,
      pixels: Array(pixels[..<(limit * imageSize)]), labels: Array(labels[..<limit]),
      classNames: classNames,
      factors: factors.map {
        Factors(
          names: $0.names, sizes: $0.sizes, values: Array($0.values[..<(limit * $0.names.count)]))
      })
  }

  /// Copies the samples of the images at `indices` into `batch`, laid out
  /// [indices, channels, height, width]. `batch` is made as long as they are, and its memory is
  /// used again if it is long enough.
  public func gather(_ indices: some Collection<Int32>, into batch: inout [UInt8]) {
    batch.removeAll(keepingCapacity: true)
    batch.reserveCapacity(indices.count * imageSize)
    for index in indices {
      let start = Int(index) * imageSize
      batch += pixels[start..<(start + imageSize)]
    }
  }

  /// One image as a picture.
  public func image(at index: Int) -> Image {
    Image(
      planar: Array(pixels[index * imageSize..<(index + 1) * imageSize]), channels: channels,
      height: height, width: width)
  }
}
