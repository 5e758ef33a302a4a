import Datasets

/// The images that an experiment learns from.
public struct ImageDataConfiguration: ExperimentConfiguration {
  /// The data set's name in the catalogue.
  public var dataset = "fashion-mnist"
  /// The data set to take when the other's files are not on this machine; empty for none.
  public var fallbackDataset = ""
  /// Images of each split at most; 0 for all.
  public var imageLimit = 0
  /// Height and width of the images of a folder; 0 for the data set's own.
  public var imageSize = 0

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "dataset", \.dataset, length: 1...1024, "The data set; 'atelier data list' names them."),
      .text(
        "fallbackDataset", \.fallbackDataset,
        "What to train on when the data set's files are not on this machine; empty is an error."),
      .integer(
        "imageLimit", \.imageLimit, in: 0...100_000_000, unit: "images",
        "How many images to take of each split; 0 takes all."),
      .integer(
        "imageSize", \.imageSize, in: 0...4096, unit: "pixels",
        "Height and width that a folder's images are brought to; 0 leaves the data set's own."),
    ]
  }

  /// Loads the images.
  ///
  /// - Throws: `FileError` when they cannot be read; `.damaged` when there are none, and
  ///   `.unsuitable` when there are fewer than a batch.
  public func load(batchSize: Int, in context: RunContext) throws -> Dataset {
    let (name, options) = located(in: context)
    let data = try DatasetCatalog.load(name, options)
    try check(data.train, data.test, of: data.name, batchSize: batchSize)
    return data
  }

  /// Loads the images, or leaves those of a folder in their files where they would take more than
  /// `memoryLimit` bytes.
  ///
  /// - Throws: as `load` does.
  public func open(
    batchSize: Int, memoryLimit: Int, in context: RunContext
  ) throws -> OpenDataset {
    let (name, options) = located(in: context)
    let data = try DatasetCatalog.open(name, options, memoryLimit: memoryLimit)
    try check(data.train, data.test, of: data.name, batchSize: batchSize)
    return data
  }

  private func check(
    _ train: any ImageSource, _ test: any ImageSource, of name: String, batchSize: Int
  ) throws(RunError) {
    guard train.count > 0, test.count > 0 else {
      throw RunError(.damaged, "\(name) has no images")
    }
    try train.checkBatch(batchSize, of: name)
  }

  /// The data set to take, and what is asked of it.
  private func located(in context: RunContext) -> (name: String, DatasetOptions) {
    let options = DatasetOptions(
      folder: context.dataFolder, limit: imageLimit == 0 ? nil : imageLimit,
      size: imageSize == 0 ? nil : imageSize)
    if context.dataFolder == nil, !fallbackDataset.isEmpty,
      let entry = DatasetCatalog.entry(named: dataset), !entry.isAvailable(options)
    {
      context.note(
        "the files of \(dataset) are not on this machine; training on \(fallbackDataset) instead")
      return (fallbackDataset, options)
    }
    return (dataset, options)
  }
}

extension ImageSource {
  /// Fails unless there are as many images as a batch has.
  ///
  /// - Throws: `.unsuitable`.
  public func checkBatch(_ batchSize: Int, of name: String) throws(RunError) {
    guard batchSize <= count else {
      throw RunError(
        .unsuitable, "batchSize \(batchSize) exceeds the \(count) images of \(name)",
        hint: "choose a smaller batchSize")
    }
  }

  /// Fails unless images can be halved as often as an experiment's convolutions do.
  ///
  /// - Throws: `.unsuitable`.
  public func checkHalving(_ times: Int) throws(RunError) {
    let reduction = 1 << times
    guard height % reduction == 0, width % reduction == 0 else {
      throw RunError(
        .unsuitable, "\(times) convolutions cannot halve images of \(height)x\(width) that often",
        hint: "give fewer channels")
    }
  }
}
