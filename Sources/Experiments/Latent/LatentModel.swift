import Imaging

/// A trained experiment that makes images. What `atelier sample` needs.
public protocol ImageSampler: Experiment {
  /// Images drawn from the model: the same seed gives the same images.
  mutating func sample(count: Int, seed: UInt64) throws -> [Image]
}

/// A trained experiment that is judged by images, which can be shown.
public protocol TestImageModel: Experiment {
  /// Images of the test set.
  var testCount: Int { get }
  /// One image of the test set.
  func testImage(_ index: Int) -> Image
  /// The class of one image of the test set, a place in `classNames`.
  func testLabel(_ index: Int) -> Int
  /// What the classes are called; empty when there are none.
  var classNames: [String] { get }
}

/// A trained experiment with a latent space: what `atelier latent` and the exported pictures need.
public protocol LatentModel: ImageSampler, TestImageModel {
  /// Numbers of one latent point.
  var latentSize: Int { get }
  /// The images of latent points, each of `latentSize` numbers.
  mutating func decode(_ latents: [[Float]]) throws -> [Image]
  /// The latent points (posterior means) of some images of the test set.
  mutating func encode(_ testImages: Range<Int>) throws -> [[Float]]
}

extension LatentModel {
  /// Images decoded from points of the standard normal prior.
  public mutating func sample(count: Int, seed: UInt64) throws -> [Image] {
    try decode(Self.priorLatents(count: count, size: latentSize, seed: seed))
  }
}
