import Datasets
import Experiments
import Imaging
import TensorEngine

extension ImageTranslator {
  /// Images of each row of the sheet.
  private static let columns = 12
  /// Rows of the sheet: groups of the algorithm's rows, each of other test images.
  private static let sheetRows = 6

  /// Writes a sheet of the same test images through training, and an animation of it: what goes in,
  /// what is made of it and what it should be, or what comes back.
  public mutating func export(to exports: Exports) throws {
    let sheet = try sheet()
    try exports.write(sheet, named: "translations")
    try exports.writeFrame(sheet, of: "training")
  }

  private func sheet() throws -> Image {
    try stop.check()
    let columns = min(Self.columns, sides.test.a.count, sides.test.b.count)
    let groups = max(
      1, min(Self.sheetRows / programs.rows.count, sides.test.a.count / columns))
    translate(from: 0)
    var images: [[Image]] = []
    for row in programs.rows {
      images.append(self.images(of: row.output, count: groups * columns))
    }
    var grid = ImageGrid(
      images: (0..<groups).flatMap { group in
        images.flatMap { $0[group * columns..<(group + 1) * columns] }
      }, columns: columns, spacing: 2, scale: sides.image[2] <= 32 ? 2 : 1)
    grid.rowCaptions = (0..<groups).flatMap { _ in programs.rows.map(\.caption) }
    return grid.image()
  }
}
