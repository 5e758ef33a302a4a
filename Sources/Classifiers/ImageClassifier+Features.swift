import Datasets
import Experiments
import Imaging

extension ImageClassifier: FeatureModel {
  /// What the averaged network makes of images.
  public mutating func features(of images: [Image]) throws -> ImageFeatures {
    let own = data.test
    guard
      images.allSatisfy({
        $0.width == own.width && $0.height == own.height && $0.channels == own.channels
      })
    else {
      throw RunError(
        .unsuitable,
        "the classifier sees images of \(own.channels)x\(own.height)x\(own.width) only",
        hint: "train one on images of that size")
    }
    return try sight.features(
      of: ImageSet(
        channels: own.channels, height: own.height, width: own.width,
        pixels: images.flatMap(\.planarPixels), labels: images.map { _ in 0 },
        classNames: own.classNames))
  }

  /// What it makes of the data set's images.
  public mutating func features(ofTraining isTraining: Bool, limit: Int) throws -> ImageFeatures {
    try sight.features(of: isTraining ? data.train : data.test, limit: limit)
  }
}
