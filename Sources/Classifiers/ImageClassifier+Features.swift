import Datasets
import Experiments
import Imaging
import NeuralNetworks
import TensorEngine

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

extension ImageClassifier: ClassifyingModel {
  /// Images of the test set.
  public var testCount: Int { data.test.count }
  /// One image of the test set.
  ///
  /// - Throws: what reading its file throws, where it is not in memory.
  public func testImage(_ index: Int) throws -> Image { try data.test.image(at: index) }
  /// The class of one image of the test set.
  public func testLabel(_ index: Int) -> Int { Int(data.test.labels[index]) }
  /// What the classes are called.
  public var classNames: [String] { data.classNames }

  /// What an image is, [C, H, W].
  public var imageShape: Shape { data.input.image }

  /// Traces the averaged network on images of 0 ... 1.
  public func logits(of images: Tensor) -> Tensor {
    let network = images.graph.bind(network, as: ClassifierPrograms.averageName)
    return network(data.input.numbers(of: images * 255), mode: .inference).logits
  }
}
