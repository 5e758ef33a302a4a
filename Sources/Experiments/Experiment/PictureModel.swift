import Imaging

/// An experiment that makes one picture, better with every step: what `atelier stylize` writes.
public protocol PictureModel: Experiment {
  /// The picture as it is now, at its full size.
  func picture() throws -> Image
}
