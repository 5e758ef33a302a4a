import Datasets
import Experiments

/// The images of the stages of fine-tuning.
struct FineTuningImages {
  /// Those of the first classes, for a base that is trained here.
  let base: (any ImageSource)?
  /// A few of every class.
  let target: any ImageSource

  /// Selects the images.
  ///
  /// - Throws: `.unsuitable` when there are too few images or classes.
  init(_ data: Dataset, _ configuration: FineTuningConfiguration) throws(RunError) {
    let train = data.train
    try train.checkHalving(configuration.channels.count)
    let classes = train.classNames.count
    guard classes > 1 else {
      throw RunError(
        .unsuitable, "\(data.name) has no classes to tell apart",
        hint: "choose images in folders of classes")
    }
    if configuration.base.isEmpty, configuration.baseSteps > 0 {
      let count =
        configuration.baseClasses == 0 ? max(2, classes / 2) : configuration.baseClasses
      guard count <= classes else {
        throw RunError(
          .unsuitable, "baseClasses \(count) exceeds the \(classes) classes of \(data.name)",
          hint: "choose fewer baseClasses")
      }
      let images = ImageSelection(train, ofFirstClasses: count)
      try images.checkBatch(configuration.batchSize, of: "the first \(count) classes")
      base = images
    } else {
      base = nil
    }
    var taken = [Int](repeating: 0, count: classes)
    let limit = configuration.imagesPerClass == 0 ? Int.max : configuration.imagesPerClass
    let places = train.labels.indices.filter { place in
      taken[Int(train.labels[place])] += 1
      return taken[Int(train.labels[place])] <= limit
    }
    target = ImageSelection(train, at: places.map { Int32($0) })
    try target.checkBatch(configuration.batchSize, of: "each class that are taken")
  }

  /// What is learnt from which images, for people.
  var notes: [ExperimentDescription.Note] {
    let begun = base.map { base in
      ExperimentDescription.Note(
        "base",
        "\(Quantity.count(base.count, "image")) of \(base.classNames.joined(separator: ", "))")
    }
    return (begun.map { [$0] } ?? []) + [
      .init(
        "head and top",
        "\(Quantity.count(target.count, "image")) of \(target.classNames.joined(separator: ", "))")
    ]
  }
}
