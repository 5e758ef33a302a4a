import Imaging

/// The picture of a world of square tiles, the rows from the top.
struct GridPicture {
  private(set) var canvas: Canvas
  private let tile: Double

  /// A grid of tiles of the colours that `colour` gives for each row and column.
  ///
  /// - Parameter tile: the side of a tile in pixels.
  init(rows: Int, columns: Int, tile: Int, colour: (_ row: Int, _ column: Int) -> Colour) {
    canvas = Canvas(width: columns * tile, height: rows * tile, background: Colour(0xFAFAF6))
    self.tile = Double(tile)
    for row in 0..<rows {
      for column in 0..<columns {
        // The background shows as a thin line between tiles.
        canvas.fillRectangle(
          x: Double(column) * self.tile + 0.5, y: Double(row) * self.tile + 0.5,
          width: self.tile - 1, height: self.tile - 1, colour: colour(row, column))
      }
    }
  }

  /// A disc in the middle of a tile; `size` is its width in tiles.
  mutating func disc(row: Int, column: Int, size: Double, colour: Colour) {
    canvas.fillCircle(
      centre: middle(row, column), radius: size * tile / 2, colour: colour)
  }

  /// A letter in the upper left corner of a tile, if the tile has room for it.
  mutating func letter(_ letter: String, row: Int, column: Int, colour: Colour) {
    guard tile >= 24 else { return }
    let scale = Int(tile) / 24
    canvas.write(
      letter,
      at: Point(
        x: Double(column) * tile + tile / 10, y: Double(row) * tile + tile / 10 + Double(7 * scale)),
      scale: scale, colour: colour)
  }

  /// A wall on the right side of a tile.
  mutating func wall(rightOf row: Int, column: Int) {
    let x = Double(column + 1) * tile
    canvas.strokeLine(
      from: Point(x: x, y: Double(row) * tile), to: Point(x: x, y: Double(row + 1) * tile),
      width: tile / 12, colour: Colour(0x4A5560))
  }

  private func middle(_ row: Int, _ column: Int) -> Point {
    Point(x: (Double(column) + 0.5) * tile, y: (Double(row) + 0.5) * tile)
  }
}
