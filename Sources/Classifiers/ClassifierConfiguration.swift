import Datasets
import Experiments

/// What can be configured of a classifier of images.
public struct ClassifierConfiguration: ExperimentConfiguration {
  /// The images.
  public var data = ImageDataConfiguration()
  /// Memory that decoded images may take, in MiB; more are decoded as they are needed.
  public var memoryLimit = 4096
  /// Which images are held out to be judged by.
  public var split = SplitConfiguration()
  /// How the bytes of images become numbers.
  public var normalization = Normalization.fixed
  /// How images are changed by chance in training.
  public var augmentation = ImageAugmentation()
  /// Images of one step.
  public var batchSize = 128
  /// Channels of the pairs of convolutions, each of which halves the image.
  public var channels = [32, 64]
  /// Units of the last layer but one: the features.
  public var features = 128
  /// How likely numbers are dropped after each pair of convolutions; twice that before the end.
  public var dropout = 0.25
  /// Whether images are mirrored by chance.
  public var mirrors = true
  /// How the outputs are judged.
  public var judgement = ClassifierLossConfiguration()
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()
  /// The share of the weights' moving average that stays at each step; the average is what is used.
  public var averageDecay = 0.999

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .integer(
        "memoryLimit", \.memoryLimit, in: 0...4096, unit: "MiB",
        "Memory that a folder's decoded images may take; more are decoded as they are needed."
      ).changing(.any),
      .included("split", \.split),
      .choice(
        "normalization", \.normalization,
        "Bytes to numbers: fixed to -1 ... 1, or by the training images' mean and deviation (standard)."
      ),
      .group("augmentation", \.augmentation, "How images are changed by chance in training."),
      .integer("batchSize", \.batchSize, in: 2...65_536, unit: "images", "Images of one step."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "Pairs of convolutions, from the image inwards, each halving it."),
      .integer(
        "features", \.features, in: 1...4096, unit: "units", "The last layer but one: the features."
      ),
      .number(
        "dropout", \.dropout, in: 0...0.45,
        "How likely numbers are dropped after convolutions; twice that before the end."),
      .flag("mirrors", \.mirrors, "Whether images are mirrored by chance in training."),
      .included("judgement", \.judgement),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
      .number(
        "averageDecay", \.averageDecay, in: 0...0.999_999,
        "The share of the weights' moving average that stays; the average is what is used."),
    ]
  }
}
