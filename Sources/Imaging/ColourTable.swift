/// At most 256 colours that stand for those of an image: they themselves when they are no more, else
/// the means of groups of near ones (median cut; Heckbert, "Color image quantization for frame
/// buffer display", 1982).
struct ColourTable {
  /// The colours, 0xRRGGBB.
  private(set) var colours: [UInt32] = []
  private var places: [UInt32: UInt8] = [:]
  private static let greatestCount = 256

  /// The table of the colours of an image's pixels, 0xRRGGBB, in any order and repeated.
  init(of pixels: [UInt32]) {
    var counts: [UInt32: Int] = [:]
    for colour in pixels { counts[colour, default: 0] += 1 }
    // By value, so that the same image gives the same table.
    let shades = counts.sorted { $0.key < $1.key }.map { Shade(colour: $0.key, count: $0.value) }
    for (place, group) in Self.groups(of: shades).enumerated() {
      colours.append(Self.mean(of: group))
      for shade in group { places[shade.colour] = UInt8(place) }
    }
  }

  /// Where in the table the colour stands that a colour of the image was given.
  func place(of colour: UInt32) -> UInt8 { places[colour] ?? 0 }

  private struct Shade {
    let colour: UInt32
    let count: Int

    /// Red, green or blue.
    func channel(_ number: UInt32) -> Int { Int(colour >> (16 - 8 * number) & 255) }
  }

  private static func groups(of shades: [Shade]) -> [[Shade]] {
    if shades.count <= greatestCount { return shades.map { [$0] } }
    var groups = [shades]
    while groups.count < greatestCount {
      let widths = groups.map { group in (0..<3).map { width(of: group, UInt32($0)) } }
      let sizes = zip(groups, widths).map { group, widths in
        group.count < 2 ? -1 : (widths.max() ?? 0) * group.map(\.count).reduce(0, +)
      }
      guard let place = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), sizes[place] >= 0 else {
        break
      }
      let channel = widths[place].indices.max { widths[place][$0] < widths[place][$1] } ?? 0
      let (low, high) = halves(of: groups[place], along: UInt32(channel))
      groups[place] = low
      groups.append(high)
    }
    return groups
  }

  private static func width(of group: [Shade], _ channel: UInt32) -> Int {
    let values = group.map { $0.channel(channel) }
    return (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// The group cut where half of the pixels are on either side, neither part empty.
  private static func halves(of group: [Shade], along channel: UInt32) -> ([Shade], [Shade]) {
    let sorted = group.sorted {
      ($0.channel(channel), $0.colour) < ($1.channel(channel), $1.colour)
    }
    let half = sorted.map(\.count).reduce(0, +) / 2
    var (sum, cut) = (0, 0)
    while cut < sorted.count - 1 && (cut == 0 || sum < half) {
      sum += sorted[cut].count
      cut += 1
    }
    return (Array(sorted[..<cut]), Array(sorted[cut...]))
  }

  private static func mean(of group: [Shade]) -> UInt32 {
    let count = group.map(\.count).reduce(0, +)
    return (0..<3).reduce(UInt32(0)) { colour, channel in
      let sum = group.map { $0.channel(UInt32(channel)) * $0.count }.reduce(0, +)
      return colour << 8 | UInt32((sum + count / 2) / count)
    }
  }
}
