/// How a picture is cut into tiles: windows of one size that overlap, each with a core of its own.
/// Together the cores are the picture.
struct TileGrid {
  /// A window, and the part of the picture that is taken from it.
  struct Tile {
    /// The window's first column and row.
    let x: Int
    let y: Int
    /// The core's columns and rows in the picture.
    let columns: Range<Int>
    let rows: Range<Int>
  }

  /// Of the picture, in pixels.
  let pictureWidth: Int
  let pictureHeight: Int
  /// Of a window, in pixels.
  let width: Int
  let height: Int
  /// Row by row.
  let tiles: [Tile]

  /// Cuts a picture. All numbers are multiples of the network's alignment.
  ///
  /// - Parameters:
  ///   - core: height and width of a core; nil for one tile, the whole picture.
  ///   - margin: pixels around the core, at least, where the picture goes on.
  init(pictureWidth: Int, pictureHeight: Int, core: Int?, margin: Int) {
    (self.pictureWidth, self.pictureHeight) = (pictureWidth, pictureHeight)
    let across = Self.spans(pictureWidth, core: core, margin: margin)
    let down = Self.spans(pictureHeight, core: core, margin: margin)
    (width, height) = (across.window, down.window)
    tiles = down.spans.flatMap { row in
      across.spans.map {
        Tile(x: $0.start, y: row.start, columns: $0.core, rows: row.core)
      }
    }
  }

  private static func spans(
    _ length: Int, core: Int?, margin: Int
  ) -> (window: Int, spans: [(start: Int, core: Range<Int>)]) {
    guard let core, core + 2 * margin < length else { return (length, [(0, 0..<length)]) }
    let window = core + 2 * margin
    return (
      window,
      stride(from: 0, to: length, by: core).map { first in
        (min(max(0, first - margin), length - window), first..<min(first + core, length))
      }
    )
  }

  /// What of a window's features, one place every `stride` pixels, belongs to the core.
  func places(of tile: Tile, stride: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    func part(_ range: Range<Int>, _ start: Int) -> Range<Int> {
      (range.lowerBound - start) / stride..<(range.upperBound - start) / stride
    }
    return (part(tile.rows, tile.y), part(tile.columns, tile.x))
  }
}

extension TileGrid {
  /// 1 in a tile's core and 0 around it, one place every `stride` pixels.
  func coreValues(of tile: Tile, stride: Int) -> [Float] {
    let places = places(of: tile, stride: stride)
    let columns = width / stride
    var values = [Float](repeating: 0, count: height / stride * columns)
    for row in places.rows {
      for column in places.columns { values[row * columns + column] = 1 }
    }
    return values
  }

  /// A tile's window of a picture's values [3, H, W].
  func window(of tile: Tile, in values: [Float]) -> [Float] {
    var window: [Float] = []
    window.reserveCapacity(3 * width * height)
    for channel in 0..<3 {
      for row in tile.y..<tile.y + height {
        let start = (channel * pictureHeight + row) * pictureWidth + tile.x
        window += values[start..<start + width]
      }
    }
    return window
  }

  /// Adds a tile's window to a picture's values [3, H, W].
  func add(_ window: [Float], of tile: Tile, to values: inout [Float]) {
    for channel in 0..<3 {
      for row in 0..<height {
        let start = (channel * pictureHeight + tile.y + row) * pictureWidth + tile.x
        let source = (channel * height + row) * width
        for column in 0..<width { values[start + column] += window[source + column] }
      }
    }
  }
}
