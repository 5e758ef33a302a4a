import FileFormats
import Imaging

/// Labelled images of one size, wherever they are: in memory, or in files that are read when their
/// images are asked for.
public protocol ImageSource: Sendable {
  /// How many images there are.
  var count: Int { get }
  /// 1 for grey, 3 for sRGB.
  var channels: Int { get }
  /// Rows.
  var height: Int { get }
  /// Pixels a row.
  var width: Int { get }
  /// The class of each image, a place in `classNames`.
  var labels: [Int32] { get }
  /// What the classes are called.
  var classNames: [String] { get }
  /// Whether images are read from files each time they are asked for.
  var readsFiles: Bool { get }

  /// Copies the samples of the images at `indices` into `batch`, laid out
  /// [indices, channels, height, width]. `batch` is made as long as they are, and its memory is
  /// used again if it is long enough.
  ///
  /// - Throws: what reading a file throws; `.damaged` for one that is not what it was.
  func gather(_ indices: some Collection<Int32>, into batch: inout [UInt8]) throws(FileError)
}

extension ImageSource {
  /// Samples an image.
  public var imageSize: Int { channels * height * width }

  /// One image as a picture.
  ///
  /// - Throws: what reading its file throws.
  public func image(at index: Int) throws(FileError) -> Image {
    var samples: [UInt8] = []
    try gather(CollectionOfOne(Int32(index)), into: &samples)
    return Image(planar: samples, channels: channels, height: height, width: width)
  }

  /// Copies the labels of the images at `indices` into `batch`.
  public func gatherLabels(_ indices: some Collection<Int32>, into batch: inout [Int32]) {
    batch.removeAll(keepingCapacity: true)
    batch.reserveCapacity(indices.count)
    for index in indices { batch.append(labels[Int(index)]) }
  }
}

extension ImageSet: ImageSource {
  /// They are in memory.
  public var readsFiles: Bool { false }
}

/// Some images of a source, in an order of their own. Nothing is copied but the labels.
public struct ImageSelection: ImageSource {
  private let source: any ImageSource
  private let places: [Int32]
  /// The class of each image, a place in `classNames`.
  public let labels: [Int32]
  /// What the classes are called.
  public let classNames: [String]

  /// The images at these places of a source.
  public init(_ source: any ImageSource, at places: [Int32]) {
    (self.source, self.places) = (source, places)
    classNames = source.classNames
    labels = places.map { source.labels[Int($0)] }
  }

  /// The images of the first so many classes of a source, and of no other.
  public init(_ source: any ImageSource, ofFirstClasses count: Int) {
    precondition((1...source.classNames.count).contains(count), "\(count) classes")
    self.source = source
    let labels = source.labels
    places = (0..<Int32(labels.count)).filter { labels[Int($0)] < count }
    self.labels = places.map { labels[Int($0)] }
    classNames = Array(source.classNames[..<count])
  }

  /// How many images there are.
  public var count: Int { places.count }
  /// 1 for grey, 3 for sRGB.
  public var channels: Int { source.channels }
  /// Rows.
  public var height: Int { source.height }
  /// Pixels a row.
  public var width: Int { source.width }
  /// Whether images are read from files each time they are asked for.
  public var readsFiles: Bool { source.readsFiles }

  /// Copies the samples of the images at `indices` into `batch`.
  public func gather(
    _ indices: some Collection<Int32>, into batch: inout [UInt8]
  ) throws(FileError) {
    try source.gather(indices.map { places[Int($0)] }, into: &batch)
  }
}
