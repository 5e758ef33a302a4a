/// How a camera was held: what has to be done to the stored image for it to stand upright
/// (tag 0x0112 of Exif 2.3, whose raw values these are).
enum ExifOrientation: UInt16 {
  case upright = 1
  case mirrored, turnedHalf, flipped, transposed, turnedRight, antiTransposed, turnedLeft

  /// Whether rows become columns.
  var swapsSides: Bool { rawValue >= 5 }

  /// Whether the source column counts from the right, for a row and column of the upright image
  /// (swapped where sides swap).
  var fromRight: Bool { [.mirrored, .turnedHalf, .antiTransposed, .turnedLeft].contains(self) }

  /// Whether the source row counts from the bottom.
  var fromBottom: Bool { [.turnedHalf, .flipped, .turnedRight, .antiTransposed].contains(self) }

  /// The orientation a JPEG file states; upright where it states none, or not one of the eight.
  /// Looks at the segments before the first scan and never outside of them.
  init(jpeg bytes: [UInt8]) {
    var file = ByteReader(bytes: bytes[...], bigEndian: true)
    file.skip(2)
    while let marker = file.uint16(), 0xFFC0...0xFFFE ~= marker, marker != 0xFFDA,
      let length = file.uint16(), length >= 2, let segment = file.slice(Int(length) - 2)
    {
      if marker == 0xFFE1, segment.starts(with: Array("Exif\0\0".utf8)),
        let stated = Self(tiff: segment.dropFirst(6))
      {
        self = stated
        return
      }
    }
    self = .upright
  }

  /// The orientation in the first directory of a TIFF block (TIFF 6.0, section 2).
  private init?(tiff: ArraySlice<UInt8>) {
    let bigEndian = tiff.starts(with: Array("MM".utf8))
    guard bigEndian || tiff.starts(with: Array("II".utf8)) else { return nil }
    var reader = ByteReader(bytes: tiff.dropFirst(2), bigEndian: bigEndian)
    guard reader.uint16() == 42, let offset = reader.uint32() else { return nil }
    reader = ByteReader(bytes: tiff.dropFirst(Int(offset)), bigEndian: bigEndian)
    guard let entries = reader.uint16() else { return nil }
    for _ in 0..<entries {
      guard let tag = reader.uint16(), let type = reader.uint16(), let count = reader.uint32(),
        let value = reader.uint16()
      else { return nil }
      if tag == 0x0112 {
        guard type == 3, count == 1 else { return nil }
        self.init(rawValue: value)
        return
      }
      reader.skip(2)
    }
    return nil
  }
}

/// Reads numbers from the front of a slice; nil where it is too short.
private struct ByteReader {
  var bytes: ArraySlice<UInt8>
  let bigEndian: Bool

  mutating func skip(_ count: Int) {
    bytes = bytes.dropFirst(count)
  }

  mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
    guard bytes.count >= count else { return nil }
    defer { skip(count) }
    return bytes.prefix(count)
  }

  mutating func uint16() -> UInt16? {
    guard let pair = slice(2), let first = pair.first, let last = pair.last else { return nil }
    return bigEndian ? UInt16(first) << 8 | UInt16(last) : UInt16(last) << 8 | UInt16(first)
  }

  mutating func uint32() -> UInt32? {
    guard let first = uint16(), let second = uint16() else { return nil }
    return bigEndian
      ? UInt32(first) << 16 | UInt32(second) : UInt32(second) << 16 | UInt32(first)
  }
}

extension Image {
  /// The image turned upright.
  func oriented(_ orientation: ExifOrientation) -> Image {
    if orientation == .upright { return self }
    let swaps = orientation.swapsSides
    let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (column, row) = swaps ? (y, x) : (x, y)
        let sourceX = orientation.fromRight ? width - 1 - column : column
        let sourceY = orientation.fromBottom ? height - 1 - row : row
        let start = (sourceY * width + sourceX) * channels
        turned += pixels[start..<(start + channels)]
      }
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: turned)
  }
}
