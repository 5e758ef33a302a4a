import Experiments
import FeatureNetworks

/// What can be configured of a dream.
public struct DreamConfiguration: ExperimentConfiguration {
  /// The picture to dream of; empty for noise.
  public var content = ""
  /// The longer side of the result.
  public var size = 512
  /// Sizes that the picture is dreamt at.
  public var octaves = 4
  /// How much larger each size is than the one before.
  public var octaveScale = 1.4
  /// Steps at each size.
  public var octaveSteps = 20
  /// How much a step changes a pixel on average.
  public var stepSize = 0.01
  /// How far the picture is shifted at most before each step.
  public var jitter = 16
  /// The network that dreams.
  public var features = FeatureSourceConfiguration()
  /// The layers whose features are to grow; empty for the network's layer of content.
  public var layers: [String] = []

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text("content", \.content, "The PNG or JPEG file to dream of; empty for noise."),
      .integer("size", \.size, in: 16...8192, unit: "pixels", "The longer side of the result."),
      .integer("octaves", \.octaves, in: 1...16, "Sizes that the picture is dreamt at."),
      .number(
        "octaveScale", \.octaveScale, in: 1.05...4,
        "How much larger each size is than the one before."),
      .integer(
        "octaveSteps", \.octaveSteps, in: 1...1_000_000, unit: "steps",
        "Steps at each size, which are an epoch."),
      .number(
        "stepSize", \.stepSize, in: 1e-6...1, unit: "of black to white",
        "How much a step changes a pixel on average."),
      .integer(
        "jitter", \.jitter, in: 0...1024, unit: "pixels",
        "How far the picture is shifted at most before each step."),
      .group("features", \.features, "The network that dreams."),
      .texts(
        "layers", \.layers, length: 1...64, count: 0...16,
        "The layers whose features are to grow; none for the network's layer of content."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    let names = features.network.featureLayers.map(\.name)
    guard let unknown = layers.first(where: { !names.contains($0) }) else { return [] }
    return [
      .init(
        "layers", "names '\(unknown)', which \(features.network.rawValue) has not",
        help: "its layers are \(names.joined(separator: ", "))")
    ]
  }

  /// The layers whose features are to grow.
  var chosenLayers: [String] { layers.isEmpty ? features.network.contentLayers : layers }

  /// The longer side at each size, the smallest first.
  var sides: [Int] {
    var sides = [size]
    while sides.count < octaves {
      sides.append(max(1, Int((Double(sides[sides.count - 1]) / octaveScale).rounded())))
    }
    return sides.reversed()
  }
}
