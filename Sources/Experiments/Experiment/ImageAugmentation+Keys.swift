import Datasets

extension ImageAugmentation: ExperimentConfiguration {
  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "rotation", \.rotation, in: 0...180, unit: "degrees",
        "The greatest turn of an image either way."),
      .number(
        "translation", \.translation, in: 0...1,
        "The greatest move along each axis either way, as a share of the image."),
      .number(
        "shear", \.shear, in: 0...60, unit: "degrees", "The greatest slant either way."),
      .number(
        "zoom", \.zoom, in: 0...0.9, "The greatest change of size either way, as a share."),
      .number(
        "horizontalFlip", \.horizontalFlip, in: 0...1,
        "How likely left and right are exchanged."),
      .number(
        "verticalFlip", \.verticalFlip, in: 0...1, "How likely top and bottom are exchanged."),
      .integer(
        "cropPadding", \.cropPadding, in: 0...256, unit: "pixels",
        "The border that a crop of the image's size is cut from, anywhere in it."),
      .number(
        "brightness", \.brightness, in: 0...1,
        "The greatest change of all samples either way, as a share."),
      .number(
        "contrast", \.contrast, in: 0...1,
        "The greatest change of the distances from the mean grey either way, as a share."),
      .number(
        "saturation", \.saturation, in: 0...1,
        "The greatest change of the distances from each pixel's grey either way, as a share."),
      .choice(
        "fill", \.fill, "What is seen beyond the edges: black, the nearest pixel or a mirror."),
    ]
  }
}
