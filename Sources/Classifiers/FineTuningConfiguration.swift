import Datasets
import Experiments

/// What can be configured of fine-tuning.
public struct FineTuningConfiguration: ExperimentConfiguration {
  /// The images.
  public var data = ImageDataConfiguration()
  /// Images of one step.
  public var batchSize = 128
  /// A run of the module `classifier`, or a file of its weights, whose body and features are the
  /// base; empty to train the base here.
  public var base = ""
  /// Classes that a base that is trained here learns to tell, the first ones; 0 for half of them.
  public var baseClasses = 0
  /// Updates of a base that is trained here.
  public var baseSteps = 800
  /// Updates of the head alone.
  public var headSteps = 200
  /// Images of each class that head and top learn from; 0 for all.
  public var imagesPerClass = 100
  /// What the features' step size is multiplied by where they are trained along with the head.
  public var topRate = 0.1
  /// Updates between two evaluations.
  public var epochSteps = 200
  /// Channels of the pairs of convolutions, each of which halves the image.
  public var channels = [32, 64]
  /// Units of the last layer but one: the features.
  public var features = 128
  /// How likely numbers are dropped after each pair of convolutions; twice that before the end.
  public var dropout = 0.25
  /// How images are changed by chance in training.
  public var augmentation = ImageAugmentation()
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .integer("batchSize", \.batchSize, in: 2...65_536, unit: "images", "Images of one step."),
      .text(
        "base", \.base,
        "The folder of a classifier's run, or a file of its weights, to begin from; empty trains a base here."
      ),
      .integer(
        "baseClasses", \.baseClasses, in: 0...10_000, unit: "classes",
        "The first classes, which a base that is trained here learns to tell; 0 for half of them."),
      .integer(
        "baseSteps", \.baseSteps, in: 0...1_000_000_000, unit: "updates",
        "Updates of a base that is trained here."),
      .integer(
        "headSteps", \.headSteps, in: 0...1_000_000_000, unit: "updates",
        "Updates of the head alone, before the features are trained along with it."),
      .integer(
        "imagesPerClass", \.imagesPerClass, in: 0...100_000_000, unit: "images",
        "Images of each class that head and features learn from; 0 for all."),
      .number(
        "topRate", \.topRate, in: 0...1,
        "What the features' step size is multiplied by where they are trained along with the head."
      ),
      .integer(
        "epochSteps", \.epochSteps, in: 1...1_000_000, unit: "updates",
        "Updates of an epoch, after which the test images are told."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "Pairs of convolutions, from the image inwards, each halving it."),
      .integer(
        "features", \.features, in: 1...4096, unit: "units",
        "The last layer but one: the features."),
      .number(
        "dropout", \.dropout, in: 0...0.45,
        "How likely numbers are dropped after convolutions; twice that before the end."),
      .group("augmentation", \.augmentation, "How images are changed by chance in training."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
    ]
  }

  /// What does not go together.
  public var problems: [ConfigurationProblem] {
    baseClasses == 1
      ? [.init("baseClasses", "is 1, which leaves nothing to tell apart", help: "give 2 or more")]
      : []
  }

  /// The network, as a classifier has it.
  var network: ClassifierConfiguration {
    var network = ClassifierConfiguration()
    (network.channels, network.features, network.dropout) = (channels, features, dropout)
    return network
  }
}
