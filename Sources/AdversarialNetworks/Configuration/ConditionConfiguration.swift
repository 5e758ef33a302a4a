import Experiments

/// How samples are bound to their classes.
public enum ConditionKind: String, CaseIterable, Sendable {
  /// Not at all.
  case none
  /// Both networks are told the class (Mirza and Osindero 2014).
  case concatenation
  /// Both are told an embedding of the class that they learn.
  case embedding
  /// The class is multiplied with the discriminator's features (Miyato and Koyama 2018).
  case projection
  /// The discriminator tells the class itself, AC-GAN (Odena, Olah and Shlens 2017).
  case auxiliary
  /// There are no classes: the discriminator tells codes that the generator was given, InfoGAN (Chen
  /// et al. 2016).
  case information
}

/// What is told beside a latent point.
public struct CodesConfiguration: ExperimentConfiguration {
  /// Numbers that a class is embedded in.
  public var embeddingSize = 16
  /// Values of InfoGAN's code that is one of several.
  public var categories = 10
  /// InfoGAN's codes that are even in -1 ... 1.
  public var continuous = 2
  /// What the told codes count for.
  public var weight = 1.0

  /// InfoGAN's for digits.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integer(
        "embeddingSize", \.embeddingSize, in: 1...4096, unit: "numbers",
        "Numbers that a class is embedded in."),
      .integer(
        "categories", \.categories, in: 2...1000, unit: "values",
        "Values of InfoGAN's code that is one of several."),
      .integer(
        "continuous", \.continuous, in: 0...100, unit: "codes",
        "InfoGAN's codes that are even in -1 ... 1."),
      .number("weight", \.weight, in: 0...1e6, "What the told class or codes count for."),
    ]
  }
}
