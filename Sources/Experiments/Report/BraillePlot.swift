import Imaging

/// Curves on a terminal: each character is a cell of two by four dots (Unicode's Braille patterns,
/// U+2800 to U+28FF), with the values at its left and the steps below.
struct BraillePlot {
  /// A curve and the style of its dots.
  struct Series {
    var name: String
    var points: [Point]
    var style: Terminal.Style
  }

  /// The curves; a later one lies over an earlier one.
  var series: [Series]
  /// Characters that the plot may take, labels included.
  let columns: Int
  let rows: Int

  /// The bit of each dot in a cell, by row and column.
  private static let bits: [[UInt32]] = [
    [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
  ]

  /// The plot, a line a row; empty when there is nothing to draw or no room.
  func lines(for terminal: Terminal) -> [String] {
    let points = series.flatMap(\.points).filter { $0.x.isFinite && abs($0.y) < 1e300 }
    guard let first = points.first else { return [] }
    var (left, right, low, high) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (low, high) = (min(low, point.y), max(high, point.y))
    }
    let labels = [Quantity.measure(high), Quantity.measure(low)]
    let margin = (labels.map(\.count).max() ?? 0) + 1
    let (wide, tall) = (columns - margin - 1, rows - 1)
    guard wide >= 8, tall >= 2 else { return [] }
    var canvas = Canvas(columns: wide, rows: tall)
    for (index, series) in series.enumerated() {
      let places = series.points.compactMap { point -> (x: Int, y: Int)? in
        guard point.x.isFinite, abs(point.y) < 1e300 else { return nil }
        let across = right > left ? (point.x - left) / (right - left) : 0.5
        let up = high > low ? (point.y - low) / (high - low) : 0.5
        return (
          Int((across * Double(2 * wide - 1)).rounded()),
          Int(((1 - up) * Double(4 * tall - 1)).rounded())
        )
      }
      canvas.draw(places, as: index)
    }
    let rows = (0..<tall).map { row in
      let label = row == 0 ? labels[0] : row == tall - 1 ? labels[1] : ""
      let padding = String(repeating: " ", count: margin - 1 - label.count)
      return padding + label + " " + terminal.styled("│", .dim) + text(canvas, row, terminal)
    }
    let (start, end) = (Quantity.scaled(left), Quantity.scaled(right))
    let gap = String(repeating: " ", count: max(1, wide - start.count - end.count))
    return rows + [String(repeating: " ", count: margin + 1) + start + gap + end]
  }

  /// A row of cells; neighbours of one series are styled together.
  private func text(_ canvas: Canvas, _ row: Int, _ terminal: Terminal) -> String {
    let cells = canvas.cells[row * canvas.columns..<(row + 1) * canvas.columns]
    var text = ""
    var rest = cells[...]
    while let first = rest.first {
      let alike = rest.prefix { $0.dots == 0 || $0.series == first.series }
      let letters = alike.map { cell in
        cell.dots == 0 ? " " : Unicode.Scalar(0x2800 + cell.dots).map(String.init) ?? " "
      }
      text += terminal.styled(letters.joined(), series[first.series].style)
      rest = rest.dropFirst(alike.count)
    }
    return text
  }

  /// Dots in cells; each cell knows the last series that touched it.
  private struct Canvas {
    let columns: Int
    let rows: Int
    var cells: [(dots: UInt32, series: Int)]

    init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
      cells = Array(repeating: (0, 0), count: columns * rows)
    }

    /// Joins places by lines.
    mutating func draw(_ places: [(x: Int, y: Int)], as series: Int) {
      for (index, end) in places.enumerated() {
        let start = places[max(index - 1, 0)]
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
          let x = start.x + (end.x - start.x) * step / steps
          let y = start.y + (end.y - start.y) * step / steps
          let cell = y / 4 * columns + x / 2
          cells[cell].dots |= BraillePlot.bits[y % 4][x % 2]
          cells[cell].series = series
        }
      }
    }
  }
}
