/// The plainest reader of the GIF files that this program writes: every frame over the one before.
enum GIFReader {
  /// The pixels of each frame, RGB; nil when the file is not as it should be.
  static func frames(of file: [UInt8]) -> [[UInt8]]? {
    func number(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
    guard file.starts(with: Array("GIF89a".utf8)) else { return nil }
    let (width, height) = (number(6), number(8))
    var canvas = [UInt8](repeating: 0, count: width * height * 3)
    var frames: [[UInt8]] = []
    var place = 13
    while file[place] != 0x3B {
      if file[place] == 0x21 {
        place += 2
        while file[place] != 0 { place += Int(file[place]) + 1 }
        place += 1
        continue
      }
      guard file[place] == 0x2C else { return nil }
      let (left, top) = (number(place + 1), number(place + 3))
      let (columns, rows) = (number(place + 5), number(place + 7))
      let bits = Int(file[place + 9] & 7) + 1
      let palette = place + 10
      place = palette + 3 * (1 << bits)
      let leastBits = Int(file[place])
      place += 1
      var data: [UInt8] = []
      while file[place] != 0 {
        data += file[place + 1..<place + 1 + Int(file[place])]
        place += Int(file[place]) + 1
      }
      place += 1
      guard let places = unpacked(data, leastBits), places.count == columns * rows else {
        return nil
      }
      for (index, colour) in places.enumerated() {
        let target = ((top + index / columns) * width + left + index % columns) * 3
        for channel in 0..<3 { canvas[target + channel] = file[palette + 3 * colour + channel] }
      }
      frames.append(canvas)
    }
    return frames
  }

  private static func unpacked(_ data: [UInt8], _ bits: Int) -> [Int]? {
    let clear = 1 << bits
    var table: [[Int]] = []
    var width = bits + 1
    var output: [Int] = []
    var last: [Int]?
    var (waiting, waitingBits) = (0, 0)
    for byte in data {
      waiting |= Int(byte) << waitingBits
      waitingBits += 8
      while waitingBits >= width {
        let code = waiting & (1 << width - 1)
        waiting >>= width
        waitingBits -= width
        if code == clear + 1 { return output }
        if code == clear {
          table = (0..<clear).map { [$0] } + [[], []]
          width = bits + 1
          last = nil
          continue
        }
        guard code <= table.count else { return nil }
        let entry = code < table.count ? table[code] : (last ?? []) + [(last ?? [])[0]]
        output += entry
        if let last, table.count < 4096 {
          table.append(last + [entry[0]])
          if table.count == 1 << width && width < 12 { width += 1 }
        }
        last = entry
      }
    }
    return nil
  }
}
