/// Characters on rows and columns, to draw a state for a terminal.
struct TextGrid {
  private let width: Int
  private var rows: [[Character]]

  /// A grid of spaces.
  init(width: Int, height: Int) {
    self.width = width
    rows = [[Character]](repeating: [Character](repeating: " ", count: width), count: height)
  }

  /// Puts a character at the nearest place; nothing happens outside of the grid.
  mutating func put(_ character: Character, x: Double, y: Double) {
    guard let column = Int(exactly: x.rounded()), let row = Int(exactly: y.rounded()),
      0..<width ~= column, rows.indices ~= row
    else { return }
    rows[row][column] = character
  }

  /// Puts a character along a straight line.
  mutating func stroke(
    _ character: Character, from start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) {
    let steps = 40
    for step in 0...steps {
      let part = Double(step) / Double(steps)
      put(
        character, x: start.x + part * (end.x - start.x), y: start.y + part * (end.y - start.y))
    }
  }

  /// The rows from the top, without the spaces at their ends.
  var text: String {
    rows.map { row in
      String(row[..<(row.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0)]) + "\n"
    }.joined()
  }
}
