import Imaging

/// One of the sizes that a picture is optimised at.
struct PictureScale: Hashable {
  /// Its place, the smallest first.
  let index: Int
  let width: Int
  let height: Int

  /// The name of the picture's state.
  var state: String { "picture.\(index)" }

  /// The sizes for a picture of some extents, the smallest first: the last has the given longer side
  /// and each other one is half of the next.
  ///
  /// - Parameter alignment: what height and width are rounded to a multiple of.
  static func pyramid(
    of extents: (width: Int, height: Int), size: Int, count: Int, alignment: Int
  ) -> [PictureScale] {
    (0..<count).map { index in
      let side = size >> (count - 1 - index)
      let (width, height) = Image.fitted(extents, to: side, alignment: alignment)
      return PictureScale(index: index, width: width, height: height)
    }
  }
}
