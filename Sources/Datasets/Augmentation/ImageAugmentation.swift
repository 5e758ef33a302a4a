/// How images are changed by chance each time they are learnt from, so that few look like more. All
/// changes are off at first; each is drawn evenly from its range, for every image of every step.
///
/// Differs from torchvision's transforms of the same names: one order of the changes (mirrored,
/// zoomed, sheared, turned, moved; then brightness, contrast, saturation), and one resampling for
/// all changes of place.
public struct ImageAugmentation: Sendable, Hashable {
  /// The greatest turn either way, in degrees.
  public var rotation = 0.0
  /// The greatest move along each axis either way, as a share of the image.
  public var translation = 0.0
  /// The greatest slant either way, in degrees.
  public var shear = 0.0
  /// The greatest change of size either way, as a share.
  public var zoom = 0.0
  /// How likely left and right are exchanged.
  public var horizontalFlip = 0.0
  /// How likely top and bottom are exchanged.
  public var verticalFlip = 0.0
  /// Pixels of border around the image that a crop of the image's size is cut from, anywhere in it.
  public var cropPadding = 0
  /// The greatest change of all samples either way, as a share.
  public var brightness = 0.0
  /// The greatest change of the distances from the mean grey either way, as a share.
  public var contrast = 0.0
  /// The greatest change of the distances from each pixel's grey either way, as a share; grey images
  /// have none.
  public var saturation = 0.0
  /// What is seen beyond the edges.
  public var fill = Fill.zeros

  /// What is seen where an image was moved away from.
  public enum Fill: String, CaseIterable, Sendable {
    /// Black.
    case zeros
    /// The nearest pixel.
    case edge
    /// The image mirrored at its outermost pixels.
    case reflect
  }

  /// No change at all.
  public init() {}

  /// Whether images stay as they are.
  public var isNone: Bool {
    var ranges = self
    ranges.fill = .zeros
    return ranges == ImageAugmentation()
  }
}
