/// What the other end of a stream can show.
public struct Terminal: Sendable, Hashable {
  /// Whether a person watches: a line may be repainted.
  public let isInteractive: Bool
  /// Whether to colour.
  public let usesColor: Bool
  /// Width in columns.
  public let columns: Int
  /// Height in rows.
  public let rows: Int

  /// Follows the conventions of `NO_COLOR` (no-color.org), `FORCE_COLOR`, `CLICOLOR` and
  /// `CLICOLOR_FORCE` (bixense.com/clicolors), `TERM=dumb`, `COLUMNS`, `LINES` and `CI`.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the stream is a terminal at all.
  ///   - columns: the terminal's own width, if it is known.
  ///   - rows: the terminal's own height, if it is known.
  ///   - variable: looks an environment variable up.
  public init(
    isTerminal: Bool, columns: Int?, rows: Int? = nil, variable: (String) -> String?
  ) {
    func isSet(_ name: String) -> Bool {
      variable(name).map { !$0.isEmpty } ?? false
    }
    let isCapable = isTerminal && variable("TERM") != "dumb"
    isInteractive = isCapable && !isSet("CI")
    if isSet("NO_COLOR") {
      usesColor = false
    } else if isSet("FORCE_COLOR") {
      usesColor = variable("FORCE_COLOR") != "0"
    } else if isSet("CLICOLOR_FORCE") && variable("CLICOLOR_FORCE") != "0" {
      usesColor = true
    } else {
      usesColor = isCapable && variable("CLICOLOR") != "0"
    }
    let wide = variable("COLUMNS").flatMap { Int($0) } ?? columns ?? 80
    self.columns = min(max(wide, 20), 1000)
    let high = variable("LINES").flatMap { Int($0) } ?? rows ?? 24
    self.rows = min(max(high, 5), 1000)
  }

  /// How a piece of text stands out. Colour never carries a meaning alone.
  public enum Style: Int, Sendable {
    // The codes are those of ECMA-48, "Select Graphic Rendition".
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case cyan = 36
  }

  /// The text in a style, or as it is where colour is not wanted.
  public func styled(_ text: String, _ style: Style) -> String {
    usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
