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

/// The colours that networks trained on ImageNet are used to.
enum ImageNet {
  /// The means of red, green and blue.
  static let mean = [0.485, 0.456, 0.406]
  /// The deviations of red, green and blue.
  static let deviation = [0.229, 0.224, 0.225]

  /// Images [N, 3, H, W] in 0 ... 1 with ImageNet's mean at 0 and its deviation 1.
  static func normalized(_ images: Tensor) -> Tensor {
    func channels(_ values: [Double]) -> Tensor {
      images.graph.constant(values, shape: [1, 3, 1, 1])
    }
    return (images - channels(mean)) / channels(deviation)
  }
}
