import Datasets
import Experiments
import Imaging
import TensorEngine

extension AdaptiveStyle {
  /// Test pictures on a sheet, at most.
  private static let sheetRows = 5
  /// Styles on a sheet, at most.
  private static let sheetStyles = 6

  /// Writes a sheet of test pictures in the styles of others, those above them, and an animation of it
  /// through training.
  public mutating func export(to exports: Exports) throws {
    let sheet = try sheet()
    try exports.write(sheet, named: "stylized")
    try exports.writeFrame(sheet, of: "training")
  }

  private func sheet() throws -> Image {
    let size = configuration.cropSize
    let rows = min(Self.sheetRows, test.contents.set.count)
    let columns = min(Self.sheetStyles, test.styles.set.count)
    var drawn: [Image] = []
    for start in stride(from: 0, to: rows * columns, by: configuration.batchSize) {
      try context.stop.check()
      let places = (start..<start + configuration.batchSize).map { $0 % (rows * columns) }
      draw(contents: places.map { $0 / columns }, styles: places.map { $0 % columns })
      drawn += Image.images(
        planar: evaluation["drawn"].scalars, channels: 3, height: size, width: size)
    }
    var images = [Image(width: size, height: size, filledWith: .white)]
    images += (0..<columns).map { test.styles.set.middle(of: $0, size: size) }
    for row in 0..<rows {
      images.append(test.contents.set.middle(of: row, size: size))
      images += drawn[row * columns..<(row + 1) * columns]
    }
    var grid = ImageGrid(images: images, columns: 1 + columns)
    grid.rowCaptions = ["style"]
    grid.columnCaptions = ["picture"]
    return grid.image()
  }
}
