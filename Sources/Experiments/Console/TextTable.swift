import FileFormats

/// Rows of text: aligned columns for people, tab-separated values for programs.
public struct TextTable: Sendable {
  /// On which side a column's cells stand.
  public enum Alignment: Sendable {
    /// For words.
    case left
    /// For numbers.
    case right
  }

  /// What becomes of lines that are wider than the terminal.
  public enum Overflow: Sendable {
    /// They are cut.
    case cut
    /// They stay as they are, for what must be read or copied whole.
    case keep
    /// The words of the last column go on below each other.
    case wrap
  }

  /// How narrow a wrapped column may get: a few words.
  private static let narrowest = 24

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  /// A table with the given columns, all of words.
  public init(_ titles: String...) {
    columns = titles.map { ($0, .left) }
  }

  /// A table with the given columns.
  public init(columns: [(title: String, alignment: Alignment)]) {
    self.columns = columns
  }

  /// Adds a row: a cell for each column.
  public mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells, not \(columns.count)")
    rows.append(
      row.map {
        $0.printable(keepingLines: true).replacing("\t", with: " ").replacing("\n", with: " ")
      })
  }

  /// The table as lines: aligned when a person reads, tab-separated otherwise.
  public func text(for terminal: Terminal, overflow: Overflow = .cut) -> String {
    terminal.isInteractive ? aligned(for: terminal, overflow) : tabSeparated
  }

  private var tabSeparated: String {
    ([columns.map(\.title)] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func aligned(for terminal: Terminal, _ overflow: Overflow) -> String {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        text += column > 0 ? "  " : ""
        text += columns[column].alignment == .right ? padding + cell : cell + padding
      }
      while text.last == " " {
        text.removeLast()
      }
      return overflow != .cut || text.count <= terminal.columns
        ? text : text.prefix(terminal.columns - 1) + "…"
    }
    var lines = rows
    if overflow == .wrap {
      let left = widths.dropLast().reduce(0) { $0 + $1 + 2 }
      lines = rows.flatMap { wrapped($0, width: max(terminal.columns - left, Self.narrowest)) }
    }
    let header = terminal.styled(line(columns.map(\.title)), .dim)
    return ([header] + lines.map(line)).map { $0 + "\n" }.joined()
  }

  /// The row, with the words of its last cell in as many lines as they take.
  private func wrapped(_ row: [String], width: Int) -> [[String]] {
    var parts = [""]
    for word in row[row.count - 1].split(separator: " ") {
      if parts[parts.count - 1].isEmpty {
        parts[parts.count - 1] = String(word)
      } else if parts[parts.count - 1].count + 1 + word.count <= width {
        parts[parts.count - 1] += " " + word
      } else {
        parts.append(String(word))
      }
    }
    let blanks = [String](repeating: "", count: row.count - 1)
    return parts.enumerated().map { index, part in
      (index == 0 ? Array(row.dropLast()) : blanks) + [part]
    }
  }
}
