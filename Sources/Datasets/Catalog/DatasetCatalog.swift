import FileFormats

/// What a run may ask of a data set beyond its name.
public struct DatasetOptions: Sendable, Hashable {
  /// The folder with the data set's files; nil for the usual places.
  public var folder: String?
  /// How many images to keep of each split at most, at least 1; nil for all.
  public var limit: Int?
  /// Height and width of the images where the data set leaves the choice, in pixels.
  public var size: Int?
  /// 1 for grey, 3 for sRGB, where the data set leaves the choice.
  public var channels: Int?

  /// The usual places, all images, the data set's own size and channels.
  public init(
    folder: String? = nil, limit: Int? = nil, size: Int? = nil, channels: Int? = nil
  ) {
    self.folder = folder
    self.limit = limit
    self.size = size
    self.channels = channels
  }
}

/// A data set that can be asked for by name.
public struct DatasetEntry: Sendable {
  /// Its name; `folder:PATH` stands for any path.
  public let name: String
  /// What it is, in one line.
  public let summary: String
  private let found: @Sendable (DatasetOptions) -> Bool
  private let read: @Sendable (DatasetOptions) throws(FileError) -> Dataset
  private let open: (@Sendable (DatasetOptions, Int) throws(FileError) -> OpenDataset)?

  /// - Parameter open: opens it without decoding more than so many bytes, where it can be larger.
  init(
    name: String, summary: String, found: @escaping @Sendable (DatasetOptions) -> Bool,
    read: @escaping @Sendable (DatasetOptions) throws(FileError) -> Dataset,
    open: (@Sendable (DatasetOptions, Int) throws(FileError) -> OpenDataset)? = nil
  ) {
    self.name = name
    self.summary = summary
    self.found = found
    self.read = read
    self.open = open
  }

  /// Whether its files are there. They are not opened.
  public func isAvailable(_ options: DatasetOptions = DatasetOptions()) -> Bool {
    found(options)
  }

  /// Reads or makes it.
  ///
  /// - Throws: `.notFound` with what to install, `.damaged`, `.unsupported`, `.tooLarge`,
  ///   `.inputOutput`.
  public func load(_ options: DatasetOptions = DatasetOptions()) throws(FileError) -> Dataset {
    guard let limit = try checkedLimit(options) else { return try read(options) }
    let whole = try read(options)
    return Dataset(
      name: whole.name, source: whole.source, train: whole.train.prefix(limit),
      test: whole.test.prefix(limit), files: whole.files)
  }

  /// Reads it, or leaves its images in their files where they would take more than `memoryLimit`
  /// bytes. Only folders can be so large.
  ///
  /// - Throws: what `load` throws; of images that stay in their files, damage is found when they are
  ///   asked for.
  public func open(
    _ options: DatasetOptions = DatasetOptions(), memoryLimit: Int
  ) throws(FileError) -> OpenDataset {
    guard let open else { return OpenDataset(try load(options)) }
    _ = try checkedLimit(options)
    return try open(options, memoryLimit)
  }

  private func checkedLimit(_ options: DatasetOptions) throws(FileError) -> Int? {
    guard let limit = options.limit, limit < 1 else { return options.limit }
    throw FileError(.unsupported, path: name, "a limit of \(limit) images, expected at least 1")
  }
}

/// The data sets that can be asked for by name.
public enum DatasetCatalog {
  /// All of them, a line each.
  public static let entries: [DatasetEntry] = [
    .fashionMNIST,
    .mnist,
    .sprites,
    .scenes,
    .patterns,
    .folder(path: nil),
  ]

  /// The data set of this name, `folder:PATH` included; nil if there is none.
  public static func entry(named name: String) -> DatasetEntry? {
    if name.hasPrefix("folder:") { return .folder(path: String(name.dropFirst("folder:".count))) }
    return entries.first { $0.name == name }
  }

  /// Loads the data set of this name.
  ///
  /// - Throws: `.notFound` for an unknown name, and what `DatasetEntry.load` throws.
  public static func load(
    _ name: String, _ options: DatasetOptions = DatasetOptions()
  ) throws(FileError) -> Dataset {
    try knownEntry(named: name).load(options)
  }

  /// Opens the data set of this name.
  ///
  /// - Throws: `.notFound` for an unknown name, and what `DatasetEntry.open` throws.
  public static func open(
    _ name: String, _ options: DatasetOptions = DatasetOptions(), memoryLimit: Int
  ) throws(FileError) -> OpenDataset {
    try knownEntry(named: name).open(options, memoryLimit: memoryLimit)
  }

  private static func knownEntry(named name: String) throws(FileError) -> DatasetEntry {
    if let entry = entry(named: name) { return entry }
    let known = entries.map(\.name).joined(separator: ", ")
    throw FileError(.notFound, path: name, "no such data set", hint: "known are \(known)")
  }
}
