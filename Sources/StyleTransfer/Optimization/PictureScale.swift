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
  static func pyramid(of extents: (width: Int, height: Int), size: Int, count: Int)
    -> [PictureScale]
  {
    (0..<count).map { index in
      let side = size >> (count - 1 - index)
      let (width, height) = fitted(extents, to: side)
      return PictureScale(index: index, width: width, height: height)
    }
  }

  /// Extents brought to a longer side, the other rounded and at least 1.
  static func fitted(_ extents: (width: Int, height: Int), to side: Int) -> (
    width: Int, height: Int
  ) {
    let longer = max(extents.width, extents.height)
    func scaled(_ extent: Int) -> Int { max(1, (extent * side + longer / 2) / longer) }
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
