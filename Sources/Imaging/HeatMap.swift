/// A plane of numbers to be shown by colours, such as a feature map: rows from top to bottom.
public struct HeatMap: Sendable, Hashable {
  /// Numbers a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// The numbers, `height * width` of them.
  public let values: [Float]

  /// A map of the given numbers.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(width > 0 && height > 0, "a map of \(width)x\(height) is empty")
    precondition(values.count == width * height, "\(values.count) numbers of \(width)x\(height)")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The least and the greatest number that are finite; 0 and 0 when none is.
  public var range: (low: Float, high: Float) {
    let finite = values.lazy.filter(\.isFinite)
    return (finite.min() ?? 0, finite.max() ?? 0)
  }

  /// The number below which so large a share, 0 ... 1, of the numbers are.
  public func quantile(_ share: Double) -> Float {
    precondition((0...1).contains(share), "\(share) is no share")
    let sorted = values.sorted()
    return sorted[Int((share * Double(sorted.count - 1)).rounded())]
  }

  /// The map at another size, by bilinear interpolation between the middles of its cells.
  public func resized(width newWidth: Int, height newHeight: Int) -> HeatMap {
    let columns = Self.taps(from: width, to: newWidth)
    let rows = Self.taps(from: height, to: newHeight)
    var resized: [Float] = []
    resized.reserveCapacity(newWidth * newHeight)
    for row in rows {
      for column in columns {
        func mixed(_ line: Int) -> Float {
          let (left, right) = (
            values[line * width + column.low], values[line * width + column.high]
          )
          return left + column.share * (right - left)
        }
        let (above, below) = (mixed(row.low), mixed(row.high))
        resized.append(above + row.share * (below - above))
      }
    }
    return HeatMap(width: newWidth, height: newHeight, values: resized)
  }

  /// The map as an image: `low` is shown as the colours' beginning, `high` as their end.
  public func image(_ colours: ColourMap, from low: Float, to high: Float) -> Image {
    let pixels = values.flatMap { value in
      let colour = colours.colour(of: Self.share(of: value, from: low, to: high))
      return [colour.red, colour.green, colour.blue]
    }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// An image of this size in grey under the colours of the map, which cover it the more the higher
  /// the numbers are.
  public func overlay(
    on image: Image, _ colours: ColourMap, from low: Float, to high: Float
  ) -> Image {
    precondition((image.width, image.height) == (width, height), "an image of another size")
    let grey = image.converted(to: 1).pixels
    let pixels = zip(values, grey).flatMap { value, grey in
      let share = Self.share(of: value, from: low, to: high)
      let colour = colours.colour(of: share).withOpacity(0.8 * Double(share))
        .blended(over: Colour(red: grey, green: grey, blue: grey))
      return [colour.red, colour.green, colour.blue]
    }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// Where a number is between two others, 0 ... 1; 0 when these are equal.
  private static func share(of value: Float, from low: Float, to high: Float) -> Float {
    let share = high > low ? (value - low) / (high - low) : 0
    return share > 0 ? min(share, 1) : 0
  }

  private static func taps(
    from count: Int, to newCount: Int
  ) -> [(low: Int, high: Int, share: Float)] {
    (0..<newCount).map { place in
      let position = (Float(place) + 0.5) * Float(count) / Float(newCount) - 0.5
      let low = min(max(Int(position.rounded(.down)), 0), count - 1)
      let share = min(max(position - Float(low), 0), 1)
      return (low, min(low + 1, count - 1), share)
    }
  }
}
