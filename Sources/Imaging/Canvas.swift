import Glibc

/// A place on a canvas, in pixels from the top left corner: the middle of the first pixel is
/// (0.5, 0.5).
public struct Point: Sendable, Hashable {
  /// To the right.
  public var x: Double
  /// Downward.
  public var y: Double

  /// A point of its coordinates.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Where a text stands relative to its point, along its reading direction.
public enum TextAnchor: Sendable, Hashable {
  /// The text begins, has its middle, or ends at the point.
  case start, middle, end
}

/// Draws with smooth edges on an RGB image. Whatever is outside of the canvas is cut off; shapes
/// with a coordinate that is not finite are not drawn.
///
///     var canvas = Canvas(width: 600, height: 400, background: .white)
///     canvas.fillRectangle(x: 250, y: 180, width: 100, height: 40, colour: .black)
///     let file = PNG.encode(canvas.image)
public struct Canvas: Sendable, Hashable {
  /// What was drawn so far: RGB.
  public private(set) var image: Image

  /// A canvas of one colour.
  public init(width: Int, height: Int, background: Colour) {
    image = Image(width: width, height: height, channels: 3, filledWith: background)
  }

  /// Fills a rectangle, by the exact area it covers of each pixel.
  public mutating func fillRectangle(
    x: Double, y: Double, width: Double, height: Double, colour: Colour
  ) {
    let (right, bottom) = (x + width, y + height)
    for row in pixels(from: y, to: bottom, below: image.height) {
      let covered = min(bottom, Double(row + 1)) - max(y, Double(row))
      for column in pixels(from: x, to: right, below: image.width) {
        let part = covered * (min(right, Double(column + 1)) - max(x, Double(column)))
        blend(colour, coverage: part, x: column, y: row)
      }
    }
  }

  /// Fills a circle.
  public mutating func fillCircle(centre: Point, radius: Double, colour: Colour) {
    for row in pixels(from: centre.y - radius - 1, to: centre.y + radius + 1, below: image.height) {
      for column in pixels(
        from: centre.x - radius - 1, to: centre.x + radius + 1, below: image.width)
      {
        let distance = hypot(Double(column) + 0.5 - centre.x, Double(row) + 0.5 - centre.y)
        blend(colour, coverage: radius + 0.5 - distance, x: column, y: row)
      }
    }
  }

  /// Draws a straight line with round ends.
  public mutating func strokeLine(from start: Point, to end: Point, width: Double, colour: Colour) {
    strokePolyline([start, end], width: width, colour: colour)
  }

  /// Draws a line through all points, with round joints and ends. Where it crosses itself a
  /// translucent colour does not add up.
  public mutating func strokePolyline(_ points: [Point], width: Double, colour: Colour) {
    guard points.count > 1, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return }
    // Thinner than a pixel is a pixel's width, fainter.
    let strength = min(width, 1)
    let reach = max(width, 1) / 2 + 0.5
    let box = pixels(around: points, reach: reach)
    var coverage = [Float](repeating: 0, count: box.columns.count * box.rows.count)
    for (start, end) in zip(points, points.dropFirst()) {
      let touched = pixels(around: [start, end], reach: reach)
      for row in touched.rows {
        let line = (row - box.rows.lowerBound) * box.columns.count - box.columns.lowerBound
        for column in touched.columns {
          let pixel = Point(x: Double(column) + 0.5, y: Double(row) + 0.5)
          let part = min(reach - distance(from: pixel, toSegment: start, end), 1) * strength
          coverage[line + column] = max(coverage[line + column], Float(part))
        }
      }
    }
    var next = coverage.makeIterator()
    for row in box.rows {
      for column in box.columns {
        blend(colour, coverage: Double(next.next() ?? 0), x: column, y: row)
      }
    }
  }

  /// Writes one line of text, its capital letters `7 * scale` pixels high.
  ///
  /// - Parameters:
  ///   - text: printable ASCII; other characters become empty boxes.
  ///   - point: on the line the letters stand on.
  ///   - anchor: whether the text begins, has its middle or ends at the point.
  ///   - upward: whether the text is read from bottom to top, for vertical axes.
  public mutating func write(
    _ text: String, at point: Point, scale: Int = 1, anchor: TextAnchor = .start,
    upward: Bool = false, colour: Colour
  ) {
    precondition(scale >= 1, "a text of scale \(scale) cannot be read")
    guard abs(point.x) < Self.farAway, abs(point.y) < Self.farAway else { return }
    let width = BitmapFont.width(of: text) * scale
    let shift =
      switch anchor {
      case .start: 0
      case .middle: width / 2
      case .end: width
      }
    let (originX, originY) = (Int(point.x.rounded()), Int(point.y.rounded()))
    for (x, y) in BitmapFont.dots(of: text) {
      // The square that the dot is, along and across the reading direction.
      let along = x * scale - shift
      let across = y * scale
      for a in along..<(along + scale) {
        for b in across..<(across + scale) {
          let (column, row) =
            upward ? (originX + b, originY - 1 - a) : (originX + a, originY + b)
          if 0..<image.width ~= column && 0..<image.height ~= row {
            blend(colour, coverage: 1, x: column, y: row)
          }
        }
      }
    }
  }

  /// Puts an image on the canvas, its opacity blended, its top left corner at (x, y).
  public mutating func draw(_ picture: Image, x: Int, y: Int) {
    for row in max(0, -y)..<max(0, -y, min(picture.height, image.height - y)) {
      for column in max(0, -x)..<max(0, -x, min(picture.width, image.width - x)) {
        let colour = picture.colour(x: column, y: row)
        blend(colour, coverage: 1, x: x + column, y: y + row)
      }
    }
  }

  /// The pixels of the smallest box that holds all that is nearer to the points than `reach`.
  private func pixels(
    around points: [Point], reach: Double
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let (x, y) = (points.map(\.x), points.map(\.y))
    return (
      pixels(from: (x.min() ?? 0) - reach, to: (x.max() ?? 0) + reach, below: image.width),
      pixels(from: (y.min() ?? 0) - reach, to: (y.max() ?? 0) + reach, below: image.height)
    )
  }

  /// Coordinates from here on are on no canvas.
  private static let farAway = 1e9

  /// The pixels of a side that a range of coordinates touches.
  private func pixels(from start: Double, to end: Double, below count: Int) -> Range<Int> {
    guard start.isFinite, end.isFinite, start < end else { return 0..<0 }
    let first = Int(min(max(start.rounded(.down), 0), Double(count)))
    let last = Int(min(max(end.rounded(.up), 0), Double(count)))
    return first..<last
  }

  private func distance(from point: Point, toSegment start: Point, _ end: Point) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let along = square > 0 ? ((point.x - start.x) * dx + (point.y - start.y) * dy) / square : 0
    let part = min(max(along, 0), 1)
    return hypot(point.x - start.x - part * dx, point.y - start.y - part * dy)
  }

  private mutating func blend(_ colour: Colour, coverage: Double, x: Int, y: Int) {
    let weight = UInt8((min(max(coverage, 0), 1) * Double(colour.alpha)).rounded())
    if weight == 0 { return }
    image[x, y, 0] = Colour.mix(colour.red, image[x, y, 0], weight)
    image[x, y, 1] = Colour.mix(colour.green, image[x, y, 1], weight)
    image[x, y, 2] = Colour.mix(colour.blue, image[x, y, 2], weight)
  }
}
