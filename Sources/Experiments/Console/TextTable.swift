/// Rows of text: aligned columns for people, tab-separated values for programs.
public struct TextTable: Sendable {
  /// On which side a column's cells stand.
  public enum Alignment: Sendable {
    /// For words.
    case left
    /// For numbers.
    case right
  }

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
    rows.append(row.map { $0.printable.replacing("\t", with: " ").replacing("\n", with: " ") })
  }

  /// The table as lines: aligned when a person reads, tab-separated otherwise.
  ///
  /// - Parameter fitting: whether aligned lines are cut at the terminal's width.
  public func text(for terminal: Terminal, fitting: Bool = true) -> String {
    terminal.isInteractive
      ? aligned(for: terminal, width: fitting ? terminal.columns : .max) : tabSeparated
  }

  private var tabSeparated: String {
    ([columns.map(\.title)] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func aligned(for terminal: Terminal, width: Int) -> String {
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
      return text.count <= width ? text : text.prefix(width - 1) + "…"
    }
    let header = terminal.styled(line(columns.map(\.title)), .dim)
    return ([header] + rows.map(line)).map { $0 + "\n" }.joined()
  }
}
