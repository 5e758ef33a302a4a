import FileFormats

/// An animated PNG file (W3C, "Portable Network Graphics (PNG) Specification, third edition", 2025),
/// made frame by frame: every colour of every frame, and for readers that know no animation the first
/// one. It begins again after the last one.
public struct APNG: Sendable {
  private let delay: Int
  private var size: (width: Int, height: Int)?
  private var start: [UInt8] = []
  private var content: [UInt8] = []
  private var frameCount = 0
  private var sequence = 0

  /// An animation without frames.
  ///
  /// - Parameter delay: how long each frame is shown, in hundredths of a second.
  public init(delay: Int) {
    precondition(0...65_535 ~= delay, "a delay of \(delay) hundredths of a second")
    self.delay = delay
  }

  /// Adds a frame of the size of those before it. Opacity is blended over white.
  public mutating func append(_ frame: Image) {
    let (signature, chunks) = Self.parts(of: PNG.encode(frame.converted(to: 3)))
    if let size {
      precondition(
        (frame.width, frame.height) == size,
        "a frame of \(frame.width)x\(frame.height) among those of \(size.width)x\(size.height)")
    } else {
      size = (frame.width, frame.height)
      start += signature
      for chunk in chunks where chunk.name == "IHDR" {
        Self.write("IHDR", chunk.content, to: &start)
      }
    }
    // At the origin, for `delay` hundredths, left in place, in place of what was there.
    let control =
      Self.number(sequence) + Self.number(frame.width) + Self.number(frame.height)
      + Self.number(0) + Self.number(0)
      + [UInt8(delay >> 8), UInt8(delay & 255), 0, 100, 0, 0]
    Self.write("fcTL", control[...], to: &content)
    sequence += 1
    for chunk in chunks where chunk.name == "IDAT" {
      if frameCount == 0 {
        Self.write("IDAT", chunk.content, to: &content)
      } else {
        Self.write("fdAT", (Self.number(sequence) + chunk.content)[...], to: &content)
        sequence += 1
      }
    }
    frameCount += 1
  }

  /// The file of the frames so far, at least one.
  public func encoded() -> [UInt8] {
    precondition(frameCount > 0, "an animation of no frames")
    var file = start
    Self.write("acTL", (Self.number(frameCount) + Self.number(0))[...], to: &file)
    file += content
    Self.write("IEND", [], to: &file)
    return file
  }

  private struct Chunk {
    let name: String
    let content: ArraySlice<UInt8>
  }

  /// The signature and the chunks of a file that `PNG` wrote.
  private static func parts(of file: [UInt8]) -> (signature: ArraySlice<UInt8>, chunks: [Chunk]) {
    var chunks: [Chunk] = []
    var place = 8
    while place < file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      chunks.append(Chunk(name: name, content: file[place + 8..<place + 8 + length]))
      place += length + 12
    }
    return (file[..<8], chunks)
  }

  private static func write(_ name: String, _ content: ArraySlice<UInt8>, to file: inout [UInt8]) {
    let body = Array(name.utf8) + content
    file += number(content.count) + body + number(Int(CRC32.checksum(of: body[...])))
  }

  /// A big-endian number of 32 bits.
  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
