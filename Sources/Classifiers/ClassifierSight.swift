import Datasets
import Experiments
import NeuralNetworks
import RealModule
import TensorEngine

/// A classifier that looks at images, a batch at a time.
struct ClassifierSight {
  /// Images of one run of the program.
  static let batch = 250

  /// Gives "features" [batch, width] and "probabilities" [batch, classes] of bytes "images".
  let program: LoadedProgram<Float>
  /// Numbers of an image's features.
  let width: Int
  /// Looked at between batches.
  let stop: StopRequest

  /// What it makes of the first images of a source, `limit` at most.
  ///
  /// - Throws: `Interruption`, and what reading a file throws.
  func features(of images: any ImageSource, limit: Int = .max) throws -> ImageFeatures {
    let batch = Self.batch
    let count = min(images.count, limit)
    let classes = images.classNames.count
    var (values, probabilities): ([Float], [Float]) = ([], [])
    values.reserveCapacity(count * width)
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: count, by: batch) {
      try stop.check()
      let here = min(batch, count - start)
      try images.gather((0..<batch).map { Int32($0 < here ? start + $0 : start) }, into: &bytes)
      program.set("images", to: bytes)
      program.run(step: 0)
      values += program["features"].scalars.prefix(here * width)
      probabilities += program["probabilities"].scalars.prefix(here * classes)
    }
    return ImageFeatures(
      count: count, values: values, width: width, probabilities: probabilities, classes: classes)
  }
}

extension ClassifierSight {
  /// How well images are told.
  struct Score {
    /// The mean cross-entropy, in nats.
    let loss: Double
    /// The share of the images whose most likely class is theirs.
    let accuracy: Double
    /// The share whose class is among the likeliest five; nil where there are no more.
    let top5: Double?
  }

  /// The score of the first images of a source, `limit` at most.
  ///
  /// - Throws: as `features` does.
  func score(of images: any ImageSource, limit: Int = .max) throws -> Score {
    let seen = try features(of: images, limit: limit)
    let classes = seen.classes
    let labels = images.labels
    var (loss, right) = (0.0, 0)
    for index in 0..<seen.count {
      let row = seen.probabilities[index * classes..<(index + 1) * classes]
      let label = row.startIndex + Int(labels[index])
      // A probability too small for a float counts as the least normal one.
      loss -= Double.log(Double(max(row[label], .leastNormalMagnitude)))
      if row[label] == row.max() { right += 1 }
    }
    let count = Double(seen.count)
    let top5 =
      classes > 5
      ? try Accuracy.top(
        5, scores: seen.probabilities, labels: Array(labels.prefix(seen.count)), classes: classes)
      : nil
    return Score(loss: loss / count, accuracy: Double(right) / count, top5: top5)
  }
}
