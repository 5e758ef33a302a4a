import FileFormats

/// An image and the bytes of the file that it was read from.
public struct ImageFile: Sendable {
  /// The image.
  public let image: Image
  /// The bytes of the file.
  public let content: [UInt8]

  /// The most bytes of a file that are read.
  public static let greatestLength = 256 << 20

  /// Reads a PNG or JPEG file, told apart by its first bytes.
  ///
  /// - Throws: when it cannot be read, is neither, is damaged or greater than the limits.
  public init(reading path: String, limits: ImageLimits = .default) throws(FileError) {
    content = try Files.read(path, limit: Self.greatestLength)
    do throws(ImageError) {
      image = try Image(decoding: content, limits: limits)
    } catch {
      switch error {
      case .tooLarge: throw FileError(.tooLarge, path: path, error.description)
      case .unsupported: throw FileError(.unsupported, path: path, error.description)
      case .wrongSignature, .damaged: throw FileError(.damaged, path: path, error.description)
      }
    }
  }
}
