import Experiments
import FeatureNetworks

/// What can be configured of a decoder that draws pictures in the style of any other.
public struct AdaptiveStyleConfiguration: ExperimentConfiguration {
  /// The pictures whose content is kept.
  public var data = FastStyleConfiguration.drawnScenes
  /// The pictures whose style is taken: a data set's name.
  public var styleDataset = "patterns"
  /// Height and width of the crops that are learnt from.
  public var cropSize = 128
  /// Crops of a picture in one epoch.
  public var cropsPerImage = 1
  /// Pairs of crops of one step.
  public var batchSize = 4
  /// The network that encodes pictures, at its content layer.
  public var features = FeaturesConfiguration.ofAdaptiveNorm
  /// What the content counts for.
  public var contentWeight = 1.0
  /// What the style counts for.
  public var styleWeight = 10.0
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration.ofDecoder

  /// The defaults: those of Huang and Belongie 2017.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .text(
        "styleDataset", \.styleDataset, length: 1...1024,
        "The data set of pictures whose style is taken, such as folder:PATH."),
      .integer(
        "cropSize", \.cropSize, in: 16...4096, unit: "pixels",
        "Height and width of the crops that are learnt from."),
      .integer(
        "cropsPerImage", \.cropsPerImage, in: 1...100_000, unit: "crops",
        "Crops of a picture in one epoch."),
      .integer(
        "batchSize", \.batchSize, in: 1...256, unit: "pairs",
        "Crops of one step, each with one of a style's picture."),
      .group(
        "features", \.features, "The network that encodes pictures, at its one content layer."),
      .number("contentWeight", \.contentWeight, in: 0...1e12, "What the content counts for."),
      .number("styleWeight", \.styleWeight, in: 0...1e12, "What the style counts for."),
      .group("optimizer", \.optimizer, "How the decoder's parameters are updated."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    let count = features.chosenContentLayers.count
    guard count != 1 else { return [] }
    return [
      .init(
        "features.contentLayers", "names \(count) layers",
        help: "name the one that pictures are encoded at")
    ]
  }
}

extension FeaturesConfiguration {
  /// The paper's layers of VGG-19.
  fileprivate static var ofAdaptiveNorm: FeaturesConfiguration {
    var features = FeaturesConfiguration()
    features.source.network = .vgg19
    features.contentLayers = ["relu4_1"]
    features.styleLayers = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
    return features
  }
}

extension OptimizerConfiguration {
  /// The paper's step size.
  fileprivate static var ofDecoder: OptimizerConfiguration {
    var adam = OptimizerConfiguration()
    adam.learningRate = 1e-4
    return adam
  }
}
