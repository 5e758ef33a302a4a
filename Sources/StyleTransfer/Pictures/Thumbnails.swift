import Datasets
import Experiments
import FileFormats
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

extension SourcePicture {
  /// The file's or drawing's name alone.
  var caption: String {
    String(Files.name(of: name).trimmingPrefix(Self.drawnPrefix)).printable()
  }

  /// The picture with a longer side of some pixels.
  ///
  /// - Throws: `.unsuitable` when little is left of the other side.
  func fitted(to side: Int) throws(RunError) -> Image {
    let fitted = image.fitted(to: side)
    guard min(fitted.width, fitted.height) >= Self.leastSide else {
      throw RunError(
        .unsuitable, "\(name) has \(fitted.width)x\(fitted.height) pixels at styleSize \(side)",
        hint: "choose a greater styleSize or a less narrow picture")
    }
    return fitted
  }
}
