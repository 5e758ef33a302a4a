import Imaging

/// A trained experiment that sees: what `atelier evaluate` compares samples by.
public protocol FeatureModel: Experiment {
  /// What it makes of images.
  ///
  /// - Throws: `.unsuitable` when the images are not of the size and channels that it was trained on.
  mutating func features(of images: [Image]) throws -> ImageFeatures
  /// What it makes of the images it learnt from, or of those it was judged by; `limit` at most.
  mutating func features(ofTraining: Bool, limit: Int) throws -> ImageFeatures
}

/// What a model makes of images.
public struct ImageFeatures: Sendable, Hashable {
  /// How many images there were.
  public let count: Int
  /// Numbers of an image, [count, width].
  public let values: [Float]
  /// Numbers an image.
  public let width: Int
  /// How likely each image is of each class, [count, classes].
  public let probabilities: [Float]
  /// How many classes there are.
  public let classes: Int

  /// Features of `count` images.
  public init(count: Int, values: [Float], width: Int, probabilities: [Float], classes: Int) {
    precondition(values.count == count * width && probabilities.count == count * classes)
    self.count = count
    self.values = values
    self.width = width
    self.probabilities = probabilities
    self.classes = classes
  }
}
