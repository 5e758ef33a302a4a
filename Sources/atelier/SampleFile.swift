import FileFormats
import Imaging

/// A file of images that another program made: an npy array of uint8 [count, channels, height, width].
enum SampleFile {
  /// The first `limit` images, or all if there are fewer.
  static func images(_ path: String, limit: Int) throws(FileError) -> [Image] {
    let record = try NPY.decode(Files.read(path), path: path)
    guard
      record.shape.count == 4, [1, 3].contains(record.shape[1]), !record.shape.contains(0),
      let pixels = record.values(as: UInt8.self)
    else {
      throw FileError(
        .unsupported, path: path,
        "\(record.elementType.rawValue) of shape \(record.shape), expected U8 of [count, channels, "
          + "height, width]",
        hint: "save images of 1 or 3 channels as uint8")
    }
    let (channels, height, width) = (record.shape[1], record.shape[2], record.shape[3])
    let count = min(limit, record.shape[0])
    return Image.images(
      planar: pixels.prefix(count * channels * height * width).map { Float($0) / 255 },
      channels: channels, height: height, width: width)
  }
}
