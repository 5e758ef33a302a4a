import Experiments
import FeatureNetworks

/// What can be configured of a small feature network that learns from a large one.
public struct DistillationConfiguration: ExperimentConfiguration {
  /// The photographs.
  public var data = ImageDataConfiguration()
  /// Whether the pictures that are drawn here are learnt from too.
  public var drawings = true
  /// The network to learn from.
  public var teacher = TeacherConfiguration()
  /// Crops of one step.
  public var batchSize = 8
  /// Height and width of a crop.
  public var cropSize = 64
  /// The longest side of a crop before it is scaled, over that after it.
  public var greatestScale = 3.0
  /// How much the brightness of red, green and blue is changed by chance.
  public var colourJitter = 0.3
  /// Steps of one epoch.
  public var epochSteps = 200
  /// Crops of the test photographs that an evaluation looks at.
  public var testCrops = 128
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .flag(
        "drawings", \.drawings, "Whether the pictures that are drawn here are learnt from too."),
      .group("teacher", \.teacher, "The network to learn from."),
      .integer("batchSize", \.batchSize, in: 1...4096, unit: "crops", "Crops of one step."),
      .integer(
        "cropSize", \.cropSize, in: 32...1024, unit: "pixels",
        "Height and width of a crop: a multiple of 32."),
      .number(
        "greatestScale", \.greatestScale, in: 1...16,
        "How many times larger than the crop the largest part of a picture is that it shows."),
      .number(
        "colourJitter", \.colourJitter, in: 0...1,
        "By what share red, green and blue are made brighter or darker by chance."),
      .integer("epochSteps", \.epochSteps, in: 1...1_000_000, unit: "steps", "Steps of one epoch."),
      .integer(
        "testCrops", \.testCrops, in: 1...65_536, unit: "crops",
        "Crops of the test photographs that an evaluation looks at, in whole batches."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
    ]
  }

  /// What the keys together must hold.
  public var problems: [ConfigurationProblem] {
    cropSize % 32 == 0
      ? [] : [.init("cropSize", "is \(cropSize), which the networks cannot halve five times")]
  }
}

/// The network that another one learns from.
public struct TeacherConfiguration: ExperimentConfiguration {
  /// The network and its weights.
  public var source = FeatureSourceConfiguration()
  /// The layers to learn; empty for those that tell style.
  public var layers: [String] = []

  /// EfficientNet-Lite0, with random weights unless a file is named.
  public init() { source.network = .efficientNetLite0 }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("source", \.source),
      .texts(
        "layers", \.layers, length: 1...64, count: 0...16,
        "The layers to learn; none for those that tell style."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    let network = source.network
    let names = network.featureLayers.map(\.name)
    if let unknown = layers.first(where: { !names.contains($0) }) {
      return [
        .init(
          "layers", "names '\(unknown)', which \(network.rawValue) has not",
          help: "its layers are \(names.joined(separator: ", "))")
      ]
    }
    return Set(layers).count < layers.count ? [.init("layers", "names a layer twice")] : []
  }

  /// The layers to learn, first to last.
  var chosenLayers: [FeatureLayer] {
    let wanted = Set(layers.isEmpty ? source.network.styleLayers : layers)
    return source.network.featureLayers.filter { wanted.contains($0.name) }
  }
}
