import Experiments

/// How the discriminator's task is made harder.
public struct SofteningConfiguration: ExperimentConfiguration {
  /// What real samples' target lacks of 1.
  public var smoothing = 0.0
  /// Even noise taken from both targets, as the notes' Keras recipe does. Targets below 0 leave the
  /// loss without a lower bound.
  public var labelNoise = 0.0
  /// The deviation of noise added to what the discriminator sees.
  public var instanceNoise = 0.0

  /// None of it.
  public init() {}

  var softensTargets: Bool { smoothing > 0 || labelNoise > 0 }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "smoothing", \.smoothing, in: 0...0.5,
        "What the target of real samples lacks of 1 (Salimans et al. 2016)."),
      .number(
        "labelNoise", \.labelNoise, in: 0...0.5, "Even noise, 0 to this, taken from all targets."),
      .number(
        "instanceNoise", \.instanceNoise, in: 0...10,
        "The deviation of noise on what the discriminator sees (Sonderby et al. 2017)."),
    ]
  }
}

/// What is done to samples, real and made, before the discriminator sees them, so that few images go
/// a longer way (Zhao et al., "Differentiable augmentation for data-efficient GAN training", 2020).
public struct AugmentationConfiguration: ExperimentConfiguration {
  /// The range of what is added to all samples of an image.
  public var brightness = 0.0
  /// The range of what an image's distances from its mean are multiplied by, around 1.
  public var contrast = 0.0
  /// The farthest move, as a share of the image.
  public var translation = 0.0
  /// The side of the square that is cut out, as a share of the image.
  public var cutout = 0.0

  /// None of it.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "brightness", \.brightness, in: 0...2,
        "The range of what is added to an image in -1 ... 1; 1 in the paper."),
      .number(
        "contrast", \.contrast, in: 0...2,
        "The range, around 1, of what contrasts are multiplied by; 1 in the paper."),
      .number(
        "translation", \.translation, in: 0...1,
        "The farthest move, as a share of the image; 0.125 in the paper."),
      .number(
        "cutout", \.cutout, in: 0...1,
        "The side of the square cut out, as a share of the image; 0.5 in the paper."),
    ]
  }

  var isNone: Bool { brightness == 0 && contrast == 0 && translation == 0 && cutout == 0 }
}

/// When samples are called collapsed.
public struct CollapseConfiguration: ExperimentConfiguration {
  /// The share of the real samples' diversity below which samples have collapsed.
  public var limit = 0.1
  /// Whether a run ends then.
  public var stops = false

  /// Said, not acted on.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "limit", \.limit, in: 0...1,
        "The share of real samples' diversity below which samples have collapsed; 0 never."),
      .flag("stops", \.stops, "Whether a run ends when its samples have collapsed."),
    ]
  }
}
