/// An animated GIF file (CompuServe, "Graphics Interchange Format, version 89a", 1990), made frame by
/// frame. It begins again after the last one.
public struct GIF: Sendable {
  /// The most pixels a side.
  public static let greatestSide = 65_535

  private let delay: Int
  private var content: [UInt8]
  private var last: Image?

  /// An animation without frames.
  ///
  /// - Parameter delay: how long each frame is shown, in hundredths of a second; at least 2, since
  ///   viewers show shorter ones slower.
  public init(delay: Int) {
    precondition(2...65_535 ~= delay, "a delay of \(delay) hundredths of a second")
    self.delay = delay
    content = []
  }

  /// Adds a frame of the size of those before it, at most `greatestSide` a side. Opacity is blended
  /// over white. More than 256 colours in what changed are brought down to as many.
  public mutating func append(_ frame: Image) {
    let frame = frame.converted(to: 3)
    if let last {
      precondition(
        frame.width == last.width && frame.height == last.height,
        "a frame of \(frame.width)x\(frame.height) among those of \(last.width)x\(last.height)")
    } else {
      precondition(
        max(frame.width, frame.height) <= Self.greatestSide,
        "a GIF has at most 65,535 pixels a side")
      content += Array("GIF89a".utf8) + Self.number(frame.width) + Self.number(frame.height)
      // No palette of the whole file, no background, square pixels.
      content += [0, 0, 0]
      // To be repeated for ever.
      content += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1] + Self.number(0) + [0]
    }
    // Shown over what is there, so that the changed part is enough.
    content += [0x21, 0xF9, 4, 1 << 2] + Self.number(delay) + [0, 0]
    Self.write(frame, Self.changed(frame, since: last), to: &content)
    last = frame
  }

  /// The file of the frames so far, at least one.
  public func encoded() -> [UInt8] {
    precondition(last != nil, "an animation of no frames")
    return content + [0x3B]
  }

  /// A part of an image.
  private struct Part {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  /// The smallest part that holds all that changed; one pixel when nothing did.
  private static func changed(_ frame: Image, since last: Image?) -> Part {
    guard let last else { return Part(columns: 0..<frame.width, rows: 0..<frame.height) }
    var (left, right) = (frame.width, 0)
    var (top, bottom) = (frame.height, 0)
    let rowSize = frame.width * 3
    for row in 0..<frame.height {
      let range = row * rowSize..<(row + 1) * rowSize
      guard frame.pixels[range] != last.pixels[range] else { continue }
      let places = range.filter { frame.pixels[$0] != last.pixels[$0] }
      left = min(left, (places[0] - range.lowerBound) / 3)
      right = max(right, (places[places.count - 1] - range.lowerBound) / 3 + 1)
      top = min(top, row)
      bottom = row + 1
    }
    return bottom == 0
      ? Part(columns: 0..<1, rows: 0..<1) : Part(columns: left..<right, rows: top..<bottom)
  }

  private static func write(_ frame: Image, _ part: Part, to file: inout [UInt8]) {
    var colours: [UInt32] = []
    colours.reserveCapacity(part.columns.count * part.rows.count)
    for row in part.rows {
      for column in part.columns {
        let place = (row * frame.width + column) * 3
        colours.append(
          UInt32(frame.pixels[place]) << 16 | UInt32(frame.pixels[place + 1]) << 8
            | UInt32(frame.pixels[place + 2]))
      }
    }
    let palette = ColourTable(of: colours)
    // At least two bits, as the compression asks for.
    let bits = max(2, Int.bitWidth - (palette.colours.count - 1).leadingZeroBitCount)
    file.append(0x2C)
    file += number(part.columns.lowerBound) + number(part.rows.lowerBound)
    file += number(part.columns.count) + number(part.rows.count)
    file.append(0x80 | UInt8(bits - 1))
    for place in 0..<1 << bits {
      let colour = place < palette.colours.count ? palette.colours[place] : 0
      file += [UInt8(colour >> 16 & 255), UInt8(colour >> 8 & 255), UInt8(colour & 255)]
    }
    file.append(UInt8(bits))
    let data = LempelZivWelch.compress(colours.map { palette.place(of: $0) }, bits: bits)
    for start in stride(from: 0, to: data.count, by: 255) {
      let block = data[start..<min(start + 255, data.count)]
      file.append(UInt8(block.count))
      file += block
    }
    file.append(0)
  }

  /// A little-endian number of 16 bits.
  private static func number(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
}

/// The compression of GIF files (Welch, "A technique for high-performance data compression", 1984),
/// whose codes grow from `bits` + 1 to 12 bits.
private enum LempelZivWelch {
  static func compress(_ places: [UInt8], bits: Int) -> [UInt8] {
    let clear = 1 << bits
    let greatestCode = 4095
    var output: [UInt8] = []
    var (waiting, waitingBits) = (0, 0)
    var (next, width) = (clear + 2, bits + 1)
    // The code of a known row of places and the place that follows it; 0 for none.
    var codes = [UInt16](repeating: 0, count: (greatestCode + 1) << bits)

    func write(_ code: Int) {
      waiting |= code << waitingBits
      waitingBits += width
      while waitingBits >= 8 {
        output.append(UInt8(waiting & 255))
        waiting >>= 8
        waitingBits -= 8
      }
    }

    write(clear)
    var current: Int?
    for place in places {
      guard let prefix = current else {
        current = Int(place)
        continue
      }
      let known = Int(codes[prefix << bits | Int(place)])
      if known != 0 {
        current = known
        continue
      }
      write(prefix)
      if next <= greatestCode {
        codes[prefix << bits | Int(place)] = UInt16(next)
        // The reader is one code behind, so the width grows after the code that needs it is made.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        write(clear)
        codes = [UInt16](repeating: 0, count: codes.count)
        (next, width) = (clear + 2, bits + 1)
      }
      current = Int(place)
    }
    if let current { write(current) }
    write(clear + 1)
    if waitingBits > 0 { output.append(UInt8(waiting & 255)) }
    return output
  }
}
