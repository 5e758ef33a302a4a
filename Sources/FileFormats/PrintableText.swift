extension StringProtocol {
  /// The text as it may be shown on a terminal: characters that could move the cursor, hide or turn
  /// the text around it are written as `\u{1B}`, since names come from files and arguments.
  ///
  /// - Parameters:
  ///   - keepingLines: whether line feeds and tabs stay as they are.
  ///   - limit: how many characters (Unicode scalars) are shown before the rest is cut.
  public func printable(keepingLines: Bool = false, limit: Int = .max) -> String {
    var result = ""
    for (count, scalar) in unicodeScalars.enumerated() {
      if count == limit { return result + "…" }
      if scalar.isMisleading && !(keepingLines && (scalar == "\n" || scalar == "\t")) {
        result += scalar.escaped
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a reader could not see this character for what it is: control characters, separators
  /// of lines, and formatting marks such as those that turn the direction of writing (Unicode
  /// Standard Annex 9). The joiners of letters and emoji, U+200C and U+200D, are not.
  public var isMisleading: Bool {
    switch properties.generalCategory {
    case .format: value != 0x200C && value != 0x200D
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// The character as `\u{1B}`.
  public var escaped: String {
    "\\u{" + String(value, radix: 16, uppercase: true) + "}"
  }
}
