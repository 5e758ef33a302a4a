import Imaging

/// How a picture is cut into tiles: windows of one size that overlap, each with a core of its own.
/// Together the cores are the picture.
struct WindowGrid {
  /// A window, and the part of the picture that is taken from it.
  struct Tile {
    /// The window's first column and row.
    let x: Int
    let y: Int
    /// The core's columns and rows in the picture.
    let columns: Range<Int>
    let rows: Range<Int>
  }

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
  init(_ picture: Image, core: Int?, margin: Int) {
    let across = Self.spans(picture.width, core: core, margin: margin)
    let down = Self.spans(picture.height, core: core, margin: margin)
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

extension Image {
  /// The samples of a tile's window as networks have them, [3, height, width].
  func planarPixels(of tile: WindowGrid.Tile, in grid: WindowGrid) -> [UInt8] {
    cropped(x: tile.x, y: tile.y, width: grid.width, height: grid.height).planarPixels
  }
}
