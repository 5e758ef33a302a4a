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

/// A data set whose images may have stayed in their files.
public struct OpenDataset: Sendable {
  /// Its name in the catalogue.
  public let name: String
  /// The images to learn from.
  public let train: any ImageSource
  /// The images to be judged by; none of them is in `train`.
  public let test: any ImageSource
  /// The files it is read from.
  public let files: [DatasetFile]

  init(
    name: String, train: any ImageSource, test: any ImageSource, files: [DatasetFile]
  ) {
    (self.name, self.train, self.test, self.files) = (name, train, test, files)
  }

  /// One that is in memory.
  public init(_ dataset: Dataset) {
    self.init(
      name: dataset.name, train: dataset.train, test: dataset.test, files: dataset.files)
  }
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
