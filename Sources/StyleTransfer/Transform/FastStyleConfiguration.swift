import Experiments

/// What can be configured of a network that draws pictures in styles at one go.
public struct FastStyleConfiguration: ExperimentConfiguration {
  /// The pictures to learn from.
  public var data = FastStyleConfiguration.drawnScenes
  /// Height and width of the crops that are learnt from.
  public var cropSize = 128
  /// Crops of a picture in one epoch.
  public var cropsPerImage = 1
  /// Crops of one step.
  public var batchSize = 4
  /// The pictures whose styles are learnt.
  public var styles = ["drawn:waves"]
  /// Pixels of the longer side that the pictures of styles are brought to.
  public var styleSize = 256
  /// The network by whose features pictures are compared.
  public var features = FeaturesConfiguration()
  /// What the content counts for.
  public var contentWeight = 1.0
  /// What the style counts for.
  public var styleWeight = 10.0
  /// What differences between neighbouring pixels count for.
  public var variationWeight = 1.0
  /// The layers of the network.
  public var transform = TransformConfiguration()
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()

  /// The defaults: one style.
  public init() {}

  /// Landscapes that the program draws itself, a little larger than the crops.
  static var drawnScenes: ImageDataConfiguration {
    var data = ImageDataConfiguration()
    data.dataset = "scenes"
    data.imageSize = 160
    return data
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .integer(
        "cropSize", \.cropSize, in: 16...4096, unit: "pixels",
        "Height and width of the crops that are learnt from."),
      .integer(
        "cropsPerImage", \.cropsPerImage, in: 1...100_000, unit: "crops",
        "Crops of a picture in one epoch."),
      .integer("batchSize", \.batchSize, in: 1...256, unit: "crops", "Crops of one step."),
      .texts(
        "styles", \.styles, count: 1...64,
        "The pictures of styles: PNG or JPEG files, or drawn:NAME for one that the program draws."),
      .integer(
        "styleSize", \.styleSize, in: 16...4096, unit: "pixels",
        "What the longer side of a style's picture is brought to."),
      .group("features", \.features, "The network by whose features pictures are compared."),
      .number("contentWeight", \.contentWeight, in: 0...1e12, "What the content counts for."),
      .number("styleWeight", \.styleWeight, in: 0...1e12, "What the style counts for."),
      .number(
        "variationWeight", \.variationWeight, in: 0...1e12,
        "What differences between neighbouring pixels count for."),
      .group("transform", \.transform, "The layers of the network that draws."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    let alignment = 1 << (transform.channels.count - 1)
    guard cropSize % alignment != 0 || cropSize < 2 * alignment else { return [] }
    return [
      .init(
        "cropSize", "must be a multiple of \(alignment), twice that or more",
        help: "transform.channels halve it \(transform.channels.count - 1) times")
    ]
  }
}

/// The layers of a transform network.
public struct TransformConfiguration: ExperimentConfiguration {
  /// Channels, from the picture inwards.
  public var channels = [32, 64, 128]
  /// Residual blocks in the middle.
  public var blocks = 5

  /// The defaults: those of Johnson et al. 2016.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integers(
        "channels", \.channels, in: 1...1024, count: 1...5, unit: "channels",
        "Convolutions, from the picture inwards, each but the first halving it."),
      .integer("blocks", \.blocks, in: 0...64, "Residual blocks in the middle."),
    ]
  }
}
