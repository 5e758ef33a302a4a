import Randomness

/// The feature networks there are; raw values are what people call them by.
public enum FeatureNetworkKind: String, CaseIterable, Sendable {
  /// A small network whose weights come with the program.
  case small
  /// VGG-16.
  case vgg16
  /// VGG-19, the network of most papers on style.
  case vgg19
  /// SqueezeNet 1.1, the smallest.
  case squeezeNet = "squeezenet1_1"
  /// ResNet-18.
  case resNet18 = "resnet18"
  /// ResNet-50.
  case resNet50 = "resnet50"
  /// EfficientNet-Lite0.
  case efficientNetLite0 = "efficientnet-lite0"

  /// The network with random weights, which are drawn when they are first read.
  ///
  /// - Parameters:
  ///   - last: the layer to end with, so that nothing behind it is held; nil for all. The name of
  ///     no layer traps.
  ///   - classifies: whether the network ends with its classifier; not together with `last`.
  public func network(
    through last: String? = nil, classifies: Bool = false, random: inout RandomStream
  ) -> any FeatureNetwork {
    switch self {
    case .small: SmallVGG(through: last, random: &random)
    case .vgg16: VGG.sixteen(through: last, classifies: classifies, random: &random)
    case .vgg19: VGG.nineteen(through: last, classifies: classifies, random: &random)
    case .squeezeNet: SqueezeNet(through: last, classifies: classifies, random: &random)
    case .resNet18: ResNet.eighteen(through: last, classifies: classifies, random: &random)
    case .resNet50: ResNet.fifty(through: last, classifies: classifies, random: &random)
    case .efficientNetLite0:
      EfficientNetLite(through: last, classifies: classifies, random: &random)
    }
  }

  /// The layers whose features can be asked for, first to last.
  public var featureLayers: [FeatureLayer] { unweighted().featureLayers }

  /// The layers that tell what is to be seen in a picture, unless others are chosen.
  public var contentLayers: [String] {
    switch self {
    case .small: ["relu3_2"]
    case .vgg16: ["relu3_3"]
    case .vgg19: ["relu4_2"]
    case .squeezeNet: ["fire5"]
    case .resNet18: ["layer3.1"]
    case .resNet50: ["layer3.5"]
    case .efficientNetLite0: ["expand5"]
    }
  }

  /// The layers that tell how a picture is painted, unless others are chosen. VGG-19's are those of
  /// Gatys, Ecker and Bethge (2016), VGG-16's those of Johnson, Alahi and Fei-Fei (2016).
  public var styleLayers: [String] {
    switch self {
    case .small: ["relu1_1", "relu1_2", "relu2_2", "relu3_2", "relu4_2"]
    case .vgg16: ["relu1_2", "relu2_2", "relu3_3", "relu4_3"]
    case .vgg19: ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]
    case .squeezeNet: ["relu1", "fire2", "fire4", "fire6", "fire9"]
    case .resNet18: ["relu1", "layer1.1", "layer2.1", "layer3.1", "layer4.1"]
    case .resNet50: ["relu1", "layer1.2", "layer2.3", "layer3.5", "layer4.2"]
    case .efficientNetLite0: ["expand1", "expand3", "expand5", "expand11", "block15"]
    }
  }

  /// The network with weights that nobody is to read.
  func unweighted(
    through last: String? = nil, classifies: Bool = false
  ) -> any FeatureNetwork {
    var random = RandomStream(seed: 0, name: rawValue)
    return network(through: last, classifies: classifies, random: &random)
  }
}
