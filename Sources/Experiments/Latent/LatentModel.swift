import Imaging

/// A trained experiment that makes images. What `atelier sample` needs.
public protocol ImageSampler: Experiment {
  /// Images drawn from the model: the same seed gives the same images.
  mutating func sample(count: Int, seed: UInt64) throws -> [Image]
}

/// A trained experiment that makes images of latent points. What `atelier latent grid`, `interpolate` and
/// `traverse` need.
public protocol LatentDecoder: ImageSampler {
  /// Numbers of one latent point.
  var latentSize: Int { get }
  /// What the classes are called that a latent point ends with, one-hot; empty for a model that is told
  /// none.
  var toldClasses: [String] { get }
  /// The images of latent points, each of `latentSize` numbers.
  mutating func decode(_ latents: [[Float]]) throws -> [Image]
  /// Points of the prior: the same seed gives the same points, however many are asked for.
  func priorLatents(count: Int, seed: UInt64) -> [[Float]]

  /// How many examples there are.
  var exampleCount: Int { get }
  /// Latent points to begin at, by their places: of a model with an encoder those of images of the test
  /// set, of another one points of the prior.
  mutating func examples(_ places: [Int], seed: UInt64) throws -> [LatentExample]
  /// The latent dimensions without the classes, those that matter most first.
  mutating func usedDimensions() throws -> [Int]
}

/// A latent point.
public struct LatentExample: Sendable, Hashable {
  /// Its numbers.
  public let latent: [Float]
  /// The image that it was encoded from, if it was.
  public let image: Image?

  /// A latent point.
  public init(latent: [Float], image: Image? = nil) {
    self.latent = latent
    self.image = image
  }
}

/// A trained experiment that is judged by images, which can be shown.
public protocol TestImageModel: Experiment {
  /// Images of the test set.
  var testCount: Int { get }
  /// One image of the test set.
  ///
  /// - Throws: what reading its file throws, where it is not in memory.
  func testImage(_ index: Int) throws -> Image
  /// The class of one image of the test set, a place in `classNames`.
  func testLabel(_ index: Int) -> Int
  /// What the classes are called; empty when there are none.
  var classNames: [String] { get }
}

/// A trained experiment with an encoder too: what all of `atelier latent` and the exported pictures need.
public protocol LatentModel: LatentDecoder, TestImageModel {
  /// The latent points (posterior means) of some images of the test set.
  mutating func encode(_ testImages: Range<Int>) throws -> [[Float]]
}

/// Where new latent points come from, where that is for a person to choose.
public enum LatentPrior: String, CaseIterable, Sendable {
  /// The standard normal distribution.
  case normal
  /// A mixture of Gaussians fitted to latent points of training images (Ghosh et al. 2020).
  case mixture
  /// A second variational autoencoder, of the latent points of training images (Dai and Wipf 2019).
  case twoStage
}

/// A model whose prior can be chosen after training.
public protocol PriorSampler: ImageSampler {
  /// Images drawn from a prior: the same seed gives the same images.
  mutating func sample(count: Int, seed: UInt64, prior: LatentPrior) throws -> [Image]
}
