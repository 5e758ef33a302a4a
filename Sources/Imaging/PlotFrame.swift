/// What every plot has: title, legend, axes with light grid lines, and the place for the data.
struct PlotFrame {
  /// An entry of the legend.
  struct LegendEntry {
    var name: String
    var colour: Colour
  }

  /// How the legend shows a colour.
  enum LegendKey {
    case line, dot
  }

  private let horizontal: PlotAxis
  private let vertical: PlotAxis
  private let left: Double
  private let right: Double
  private var top: Double
  private let bottom: Double
  /// The plot so far. The data go over it.
  var drawing: Drawing

  private static let margin = 20.0
  private static let lineHeight = 14.0
  private static let capHeight = Double(BitmapFont.capHeight)
  private static let ink = Colour(0x3C4043)
  private static let titleInk = Colour(0x202124)
  private static let axisInk = Colour(0x9AA0A6)
  private static let gridInk = Colour(0xE4E7EB)

  /// Draws the frame of a plot that is so many units wide and high.
  init(
    width: Int, height: Int, title: String, horizontal: PlotAxis, vertical: PlotAxis,
    legend: [LegendEntry], key: LegendKey
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    drawing = Drawing(width: width, height: height)
    let tickWidth = vertical.ticks.map { Drawing.labelWidth($0.label) }.max() ?? 0
    let sideLabel = vertical.label.isEmpty ? 0 : Self.lineHeight + 4
    let bottomLabel = horizontal.label.isEmpty ? 0 : Self.lineHeight + 4
    left = (Self.margin + sideLabel + tickWidth + 8).rounded() + 0.5
    right = Double(width) - Self.margin - 4.5
    bottom = Double(height) - Self.margin - bottomLabel - Self.lineHeight - 0.5
    top = Self.margin

    if !title.isEmpty {
      top += 10.5
      drawing.add(
        .text(title, at: Point(x: left, y: top), size: .title, colour: Self.titleInk))
      top += 8
    }
    addLegend(legend, key: key)
    top += 10.5
    addAxes()
  }

  /// Where a pair of values is; nil where one of them is a gap.
  func point(x: Double, y: Double) -> Point? {
    guard let across = horizontal.position(of: x), let up = vertical.position(of: y) else {
      return nil
    }
    return Point(x: left + across * (right - left), y: bottom - up * (bottom - top))
  }

  /// The entries side by side, in as many lines as they need.
  private mutating func addLegend(_ entries: [LegendEntry], key: LegendKey) {
    guard !entries.isEmpty else { return }
    let keyWidth = key == .line ? 16.0 : 6.0
    var x = left
    top += Self.lineHeight
    for entry in entries {
      let width = keyWidth + 6 + Drawing.labelWidth(entry.name)
      if x > left, x + width > right {
        x = left
        top += Self.lineHeight
      }
      let middle = top - Self.capHeight / 2
      switch key {
      case .line:
        let ends = [Point(x: x + 1, y: middle), Point(x: x + keyWidth - 1, y: middle)]
        drawing.add(.line(ends, width: 2, colour: entry.colour))
      case .dot:
        let dot = Drawing.Dot(centre: Point(x: x + 3, y: middle), colour: entry.colour)
        drawing.add(.dots([dot], radius: 3, opacity: 1))
      }
      drawing.add(.text(entry.name, at: Point(x: x + keyWidth + 6, y: top), colour: Self.ink))
      x += width + 20
    }
  }

  private mutating func addAxes() {
    for tick in vertical.ticks {
      guard let up = vertical.position(of: tick.value) else { continue }
      let y = (bottom - up * (bottom - top) - 0.5).rounded() + 0.5
      addLine(from: Point(x: left, y: y), to: Point(x: right, y: y), colour: Self.gridInk)
      drawing.add(
        .text(
          tick.label, at: Point(x: left - 8, y: y + Self.capHeight / 2), anchor: .end,
          colour: Self.ink))
    }
    for tick in horizontal.ticks {
      guard let across = horizontal.position(of: tick.value) else { continue }
      let x = (left + across * (right - left) - 0.5).rounded() + 0.5
      addLine(from: Point(x: x, y: top), to: Point(x: x, y: bottom), colour: Self.gridInk)
      drawing.add(
        .text(
          tick.label, at: Point(x: x, y: bottom + 8 + Self.capHeight), anchor: .middle,
          colour: Self.ink))
    }
    addLine(from: Point(x: left, y: bottom), to: Point(x: right, y: bottom), colour: Self.axisInk)
    if !horizontal.label.isEmpty {
      let place = Point(x: (left + right) / 2, y: Double(drawing.height) - Self.margin)
      drawing.add(.text(horizontal.label, at: place, anchor: .middle, colour: Self.ink))
    }
    if !vertical.label.isEmpty {
      let place = Point(x: Self.margin + Self.capHeight, y: (top + bottom) / 2)
      drawing.add(
        .text(vertical.label, at: place, anchor: .middle, upward: true, colour: Self.ink))
    }
  }

  private mutating func addLine(from start: Point, to end: Point, colour: Colour) {
    drawing.add(.line([start, end], width: 1, colour: colour))
  }
}
