/// Plots side by side under one title, as an SVG document or an image of the same layout.
///
///     let sheet = PlotSheet(title: "Two runs", plots: [loss, accuracy], columns: 2)
///     let document = sheet.svg()
public struct PlotSheet: Sendable, Hashable {
  /// The line above the plots; empty for none.
  public var title: String
  /// The plots, row by row.
  public var plots: [LinePlot]
  /// Plots a row, at least 1.
  public var columns: Int

  private static let margin = 20
  private static let titleHeight = 30

  /// A sheet of the given plots.
  public init(title: String, plots: [LinePlot], columns: Int) {
    precondition(columns >= 1, "a sheet needs a column")
    self.title = title
    self.plots = plots
    self.columns = columns
  }

  /// The sheet as an SVG document.
  public func svg() -> String {
    drawing().svg(title: title)
  }

  /// The sheet as an image of `scale` pixels a unit.
  public func image(scale: Int = 2) -> Image {
    drawing().image(scale: scale)
  }

  private func drawing() -> Drawing {
    let top = title.isEmpty ? 0 : Self.titleHeight
    let rows = (plots.count + columns - 1) / columns
    var drawing = Drawing(
      width: LinePlot.width * max(1, min(columns, plots.count)),
      height: top + LinePlot.height * max(1, rows))
    if !title.isEmpty {
      let place = Point(x: Double(Self.margin), y: Double(Self.margin) + 10.5)
      drawing.add(.text(title, at: place, size: .title, colour: Colour(0x202124)))
    }
    for (place, plot) in plots.enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let corner = Point(
        x: Double(column * LinePlot.width), y: Double(top + row * LinePlot.height))
      drawing.add(plot.drawing(), at: corner)
    }
    return drawing
  }
}
