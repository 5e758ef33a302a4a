/// The value of one key, typed.
public enum ConfigurationValue: Sendable, Equatable, CustomStringConvertible {
  /// A whole number.
  case integer(Int)
  /// A finite number.
  case number(Double)
  /// true or false.
  case flag(Bool)
  /// A text, or the name of a choice.
  case text(String)
  /// Values of one type.
  case list([ConfigurationValue])

  /// The value as a configuration file writes it; reading it gives the value back.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .text(let value): quotedWhereNeeded(value)
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }
}

/// Words that some YAML reader takes for something other than a text.
private let reservedWords: Set<String> = [
  "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
]

/// The text as a scalar: plain when every YAML reader takes it for a text, else in double quotes.
func quotedWhereNeeded(_ text: String) -> String {
  text.isPlainWord && !reservedWords.contains(text.lowercased()) ? text : quoted(text)
}

/// The text in double quotes, with the escapes that ``YAML`` reads.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
