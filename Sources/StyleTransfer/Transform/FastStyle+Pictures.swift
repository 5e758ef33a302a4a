import Datasets
import Experiments
import Imaging
import TensorEngine

extension FastStyle {
  /// Test pictures on a sheet, at most.
  private static let sheetRows = 6
  /// Styles on a sheet, at most.
  private static let sheetStyles = 8

  /// Writes a sheet of test pictures in every style, the styles above them, and an animation of it
  /// through training.
  public mutating func export(to exports: Exports) throws {
    let sheet = try sheet()
    try exports.write(sheet, named: "stylized")
    try exports.writeFrame(sheet, of: "training")
  }

  private func sheet() throws -> Image {
    let size = configuration.cropSize
    let rows = min(Self.sheetRows, test.set.count)
    let shown = min(Self.sheetStyles, styles.count)
    let wanted = (0..<rows).flatMap { row in (0..<shown).map { row * styles.count + $0 } }
    var drawn: [Image] = []
    for start in stride(from: 0, to: wanted.count, by: configuration.batchSize) {
      try context.stop.check()
      let numbers = (start..<start + configuration.batchSize).map { wanted[$0 % wanted.count] }
      draw(numbers)
      drawn += Image.images(
        planar: evaluation["drawn"].scalars, channels: 3, height: size, width: size)
    }
    var images = [Image(width: size, height: size, filledWith: .white)]
    images += styles.prefix(shown).map { $0.image.thumbnail(size) }
    for row in 0..<rows {
      images.append(test.set.middle(of: row, size: size))
      images += drawn[row * shown..<(row + 1) * shown]
    }
    var grid = ImageGrid(images: images, columns: 1 + shown)
    grid.columnCaptions = ["picture"] + styles.prefix(shown).map(\.caption)
    grid.rowCaptions = ["style"]
    return grid.image()
  }
}
