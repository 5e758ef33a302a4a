import Datasets
import Imaging

extension Image {
  /// The middle square in colour at a size, for a sheet.
  func thumbnail(_ size: Int) -> Image {
    let side = min(width, height)
    return cropped(x: (width - side) / 2, y: (height - side) / 2, width: side, height: side)
      .converted(to: 3).resized(width: size, height: size)
  }
}

extension ImageSet {
  /// The middle of a picture, in colour.
  func middle(of picture: Int, size: Int) -> Image {
    image(at: picture).converted(to: 3).cropped(
      x: (width - size) / 2, y: (height - size) / 2, width: size, height: size)
  }
}
