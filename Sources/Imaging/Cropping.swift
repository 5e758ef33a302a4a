extension Image {
  /// A part of the image; all of it must lie inside.
  ///
  /// - Parameters:
  ///   - x: columns to the left of it.
  ///   - y: rows above it.
  public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
    precondition(
      x >= 0 && y >= 0 && x + newWidth <= width && y + newHeight <= height,
      "\(newWidth)x\(newHeight) at (\(x), \(y)) is outside of \(width)x\(height)")
    if (newWidth, newHeight) == (width, height) { return self }
    var cropped: [UInt8] = []
    cropped.reserveCapacity(newWidth * newHeight * channels)
    for row in y..<(y + newHeight) {
      let start = (row * width + x) * channels
      cropped += pixels[start..<(start + newWidth * channels)]
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: cropped)
  }

  /// The image with mirrored columns at its right and rows at its bottom, the outermost not repeated,
  /// so that both sides are multiples of `factor`; each must be at least as long.
  public func mirrored(toMultipleOf factor: Int) -> Image {
    precondition(factor >= 1 && min(width, height) >= factor, "no \(factor) pixels to mirror")
    let newWidth = (width + factor - 1) / factor * factor
    let newHeight = (height + factor - 1) / factor * factor
    if (newWidth, newHeight) == (width, height) { return self }
    func source(_ place: Int, _ count: Int) -> Int {
      place < count ? place : 2 * (count - 1) - place
    }
    var mirrored: [UInt8] = []
    mirrored.reserveCapacity(newWidth * newHeight * channels)
    for row in 0..<newHeight {
      let start = source(row, height) * width * channels
      mirrored += pixels[start..<(start + width * channels)]
      for column in width..<max(width, newWidth) {
        let pixel = start + source(column, width) * channels
        mirrored += pixels[pixel..<(pixel + channels)]
      }
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: mirrored)
  }
}
