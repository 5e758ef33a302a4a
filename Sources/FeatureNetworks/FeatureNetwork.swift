import NeuralNetworks
import TensorEngine

/// A network whose inner layers tell what is to be seen in a picture.
public protocol FeatureNetwork: Module {
  /// The layers whose features can be asked for, first to last.
  var featureLayers: [FeatureLayer] { get }

  /// What images look like at some layers. Nothing behind the last of them is traced.
  ///
  /// - Parameters:
  ///   - images: [N, 3, H, W], red, green and blue of sRGB in 0 ... 1.
  ///   - layers: names of `featureLayers`.
  /// - Returns: for each name, in their order, [N, channels, H', W'].
  func features(of images: Tensor, at layers: [String]) -> [Tensor]

  /// How strongly images belong to each of ImageNet's 1000 classes, before any softmax; nil where
  /// the network was made without its classifier.
  ///
  /// - Parameter images: [N, 3, H, W], red, green and blue of sRGB in 0 ... 1; the networks were
  ///   trained on 224 x 224.
  /// - Returns: [N, 1000], in the order of the challenge of 2012.
  func logits(of images: Tensor) -> Tensor?
}

/// A layer of a network whose features can be asked for.
public struct FeatureLayer: Sendable, Hashable {
  /// Its name, such as "relu4_2".
  public let name: String
  /// Features of one place.
  public let channels: Int
  /// Pixels of the picture from one place to the next.
  public let stride: Int
  /// Pixels of the picture that a place sees beyond its own, to each side, at most.
  public let reach: Int

  /// A layer of its parts.
  public init(name: String, channels: Int, stride: Int, reach: Int) {
    self.name = name
    self.channels = channels
    self.stride = stride
    self.reach = reach
  }
}

extension FeatureNetwork {
  /// The layer of a name, if there is one.
  public func featureLayer(named name: String) -> FeatureLayer? {
    featureLayers.first { $0.name == name }
  }
}

extension FeatureNetwork {
  /// A network of features alone has none.
  public func logits(of images: Tensor) -> Tensor? { nil }
}
