import Datasets
import Experiments
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

  /// What it makes of the first images of a set, `limit` at most.
  func features(of images: ImageSet, limit: Int = .max) throws(Interruption) -> ImageFeatures {
    let batch = Self.batch
    let count = min(images.count, limit)
    let classes = images.classNames.count
    var (values, probabilities): ([Float], [Float]) = ([], [])
    values.reserveCapacity(count * width)
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: count, by: batch) {
      try stop.check()
      let here = min(batch, count - start)
      images.gather((0..<batch).map { Int32($0 < here ? start + $0 : start) }, into: &bytes)
      program.set("images", to: bytes)
      program.run(step: 0)
      values += program["features"].scalars.prefix(here * width)
      probabilities += program["probabilities"].scalars.prefix(here * classes)
    }
    return ImageFeatures(
      count: count, values: values, width: width, probabilities: probabilities, classes: classes)
  }
}
