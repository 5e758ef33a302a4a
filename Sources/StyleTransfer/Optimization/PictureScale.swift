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
      let (width, height) = fitted(extents, to: side, alignment: alignment)
      return PictureScale(index: index, width: width, height: height)
    }
  }

  /// Extents brought to a longer side, and rounded to multiples of `alignment`, one at least.
  static func fitted(
    _ extents: (width: Int, height: Int), to side: Int, alignment: Int = 1
  ) -> (width: Int, height: Int) {
    let longer = max(extents.width, extents.height)
    func scaled(_ extent: Int) -> Int {
      let divisor = longer * alignment
      return max(1, (2 * extent * side + divisor) / (2 * divisor)) * alignment
    }
    return (scaled(extents.width), scaled(extents.height))
  }
}

extension Image {
  /// The image with a longer side of some pixels.
  func fitted(to side: Int) -> Image {
    let (width, height) = PictureScale.fitted((width, height), to: side)
    return resized(width: width, height: height)
  }

  /// The samples as networks have them: [3, H, W] in 0 ... 1.
  var planarValues: [Float] { converted(to: 3).planarPixels.map { Float($0) / 255 } }
}
