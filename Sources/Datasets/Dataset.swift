import FileFormats

/// Images to learn from and images to be judged by.
public struct Dataset: Sendable, Hashable {
  /// Its name in the catalogue.
  public let name: String
  /// Where it came from, for people.
  public let source: String
  /// The images to learn from.
  public let train: ImageSet
  /// The images to be judged by; none of them is in `train`.
  public let test: ImageSet
  /// The files it was read from, in the order they were read.
  public let files: [DatasetFile]
}

/// A file a data set was read from.
public struct DatasetFile: Sendable, Hashable {
  /// Where it is.
  public let path: String
  /// Its length in bytes.
  public let size: Int
  /// Its SHA-256 hash, 64 hexadecimal digits.
  public let sha256: String

  init(path: String, content: [UInt8]) {
    self.path = path
    size = content.count
    sha256 = SHA256.hexadecimal(of: content)
  }
}
