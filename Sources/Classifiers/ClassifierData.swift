import Datasets
import Experiments
import FileFormats

/// What a classifier learns from, and what it is judged by.
struct ClassifierData {
  /// The images to learn from.
  let train: any ImageSource
  /// Training images that are held out; nil where none are.
  let validation: (any ImageSource)?
  /// The test images.
  let test: any ImageSource
  /// The files that the images are from.
  let files: [DatasetFile]
  /// What a network sees of an image.
  let input: ClassifierInput

  /// Opens the images, splits them and measures them.
  ///
  /// - Throws: `FileError` when they cannot be read; `RunError` when they do not suit.
  init(_ configuration: ClassifierConfiguration, in context: RunContext) throws {
    let data = try configuration.data.open(
      batchSize: configuration.batchSize, memoryLimit: configuration.memoryLimit << 20,
      in: context)
    try data.train.checkHalving(configuration.channels.count)
    guard data.train.classNames.count > 1 else {
      throw RunError(
        .unsuitable, "\(data.name) has no classes to tell apart",
        hint: "choose images in folders of classes")
    }
    (test, files) = (data.test, data.files)
    if let split = try configuration.split.split(data.train.labels, seed: context.seed) {
      train = ImageSelection(data.train, at: split.train)
      validation = ImageSelection(data.train, at: split.validation)
      try train.checkBatch(configuration.batchSize, of: "\(data.name) that are left to learn from")
    } else {
      (train, validation) = (data.train, nil)
    }
    input = try ClassifierInput(configuration.normalization, of: train)
  }

  /// What the classes are called.
  var classNames: [String] { train.classNames }

  /// What the run is evaluated by.
  var judged: any ImageSource { validation ?? test }

  /// What was split and measured, for people.
  var notes: [ExperimentDescription.Note] {
    let held = validation.map { "\(Quantity.count($0.count)) held out to evaluate by, " } ?? ""
    let place = train.readsFiles ? "; decoded as they are needed" : ""
    return [
      .init(
        "images",
        "\(Quantity.count(train.count)) to learn from, \(held)\(Quantity.count(test.count)) to test "
          + "with\(place)"),
      .init("normalization", input.text),
    ]
  }
}
