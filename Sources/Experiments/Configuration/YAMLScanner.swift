import FileFormats

/// A cursor over the characters of a source that knows its line and column. It reads what lies
/// inside a line: blanks, comments and scalars.
struct YAMLScanner {
  /// A plain or quoted scalar.
  struct Scalar {
    let text: String
    let isQuoted: Bool
    let place: SourcePlace
  }

  let source: SourceText
  private let characters: [Unicode.Scalar]
  private var position: Int
  private var line = 1
  private var lineStart = 0

  /// - Parameter position: where to begin, in characters of the first line.
  init(_ source: SourceText, position: Int = 0) {
    self.source = source
    self.characters = Array(source.text.unicodeScalars)
    self.position = position
  }

  /// The character under the cursor, or nil at the end.
  var current: Unicode.Scalar? {
    position < characters.count ? characters[position] : nil
  }

  /// The column of the cursor, counted from 1.
  var column: Int { position - lineStart + 1 }

  /// Whether nothing but a comment is left of the line.
  var isAtLineEnd: Bool {
    guard let current else { return true }
    return current == "\n" || isAtComment
  }

  /// Whether the cursor stands on a ':' that ends a key.
  var isAtKeyEnd: Bool { current == ":" && isBlank(after: 1) }

  /// Whether the cursor stands on a '-' that begins an item of a list.
  var isAtItem: Bool { current == "-" && isBlank(after: 1) }

  private var isAtComment: Bool {
    guard current == "#" else { return false }
    return position == lineStart || characters[position - 1] == " "
  }

  private func isBlank(after distance: Int) -> Bool {
    let next = position + distance
    return next >= characters.count || characters[next] == " " || characters[next] == "\n"
  }

  /// The place of the next `length` characters.
  func place(length: Int = 1) -> SourcePlace {
    SourcePlace(source: source, line: line, column: column, length: length)
  }

  private func place(from start: Int) -> SourcePlace {
    SourcePlace(
      source: source, line: line, column: start - lineStart + 1, length: position - start)
  }

  /// Steps over the character under the cursor, which is not a line feed.
  mutating func advance() {
    position += 1
  }

  /// Steps over the spaces of this line.
  mutating func skipSpaces() {
    while current == " " { position += 1 }
  }

  /// Steps over spaces, comments and line ends to the next content. Throws when that content is
  /// the mark of another document.
  mutating func skipBlanks() throws(ConfigurationError) {
    while true {
      skipSpaces()
      if isAtComment {
        while let current, current != "\n" { position += 1 }
      }
      guard current == "\n" else { break }
      position += 1
      line += 1
      lineStart = position
    }
    guard position == lineStart, isBlank(after: 3), position + 3 <= characters.count else { return }
    let mark = characters[position..<position + 3]
    if mark.elementsEqual("---".unicodeScalars) || mark.elementsEqual("...".unicodeScalars) {
      throw ConfigurationError(
        "a document mark", at: place(length: 3),
        help: "a configuration is one document; remove the line")
    }
  }

  /// Reads a plain or quoted scalar, within the line.
  ///
  /// - Parameter inFlow: whether it lies inside `[...]` or `{...}`, where commas and brackets
  ///   end a plain scalar.
  mutating func scalar(inFlow: Bool) throws(ConfigurationError) -> Scalar {
    let start = position
    let text: String
    let isQuoted = current == "\"" || current == "'"
    switch current {
    case "\"": text = try doubleQuoted()
    case "'": text = try singleQuoted()
    default: text = try plain(inFlow: inFlow)
    }
    let place = place(from: start)
    guard text.utf8.count <= ConfigurationLimits.scalarBytes else {
      throw ConfigurationError(
        "a text of \(text.utf8.count) bytes; it holds at most \(ConfigurationLimits.scalarBytes)",
        at: place)
    }
    return Scalar(text: text, isQuoted: isQuoted, place: place)
  }

  private mutating func plain(inFlow: Bool) throws(ConfigurationError) -> String {
    try checkPlainStart()
    let start = position
    while let character = current, character != "\n", !isAtKeyEnd, !isAtComment {
      if inFlow {
        if isFlowMark(character) { break }
        let next = position + 1
        if character == ":", next < characters.count, isFlowMark(characters[next]) { break }
      }
      position += 1
    }
    while position > start, characters[position - 1] == " " { position -= 1 }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: characters[start..<position])
    return String(text)
  }

  private func isFlowMark(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case ",", "[", "]", "{", "}": true
    default: false
    }
  }

  /// Refuses the characters with which YAML begins something other than a plain scalar.
  private func checkPlainStart() throws(ConfigurationError) {
    let quote = "put the text in quotes"
    let problem: (message: String, help: String)? =
      switch current {
      case "&": ("anchors are not supported", "write the value where it is needed")
      case "*": ("aliases are not supported", "write the value where it is needed")
      case "!": ("tags are not supported", "remove the tag; the key decides the type")
      case "|", ">": ("texts of several lines are not supported", "\(quote), on one line")
      case "%", "@", "`": ("a text cannot begin with this character", quote)
      case "?" where isBlank(after: 1): ("keys of several lines are not supported", quote)
      case ":" where isBlank(after: 1): ("a key is missing before ':'", "write 'key: value'")
      case "-" where isBlank(after: 1): ("a list cannot begin here", "begin it on its own line")
      case ",", "]", "}": ("a value is missing here", quote)
      case "[", "{": ("a key cannot begin with a bracket", quote)
      case "#": ("a comment begins after a space", "write a space before it, or \(quote)")
      default: nil
      }
    if let problem {
      throw ConfigurationError(problem.message, at: place(), help: problem.help)
    }
  }

  private mutating func singleQuoted() throws(ConfigurationError) -> String {
    let opening = place()
    var text = String.UnicodeScalarView()
    advance()
    while let character = current, character != "\n" {
      advance()
      if character == "'" {
        guard current == "'" else { return String(text) }
        advance()
      }
      text.append(character)
    }
    throw unclosed(opening)
  }

  private mutating func doubleQuoted() throws(ConfigurationError) -> String {
    let opening = place()
    var text = String.UnicodeScalarView()
    advance()
    while let character = current, character != "\n" {
      switch character {
      case "\\": text.append(try escaped())
      case "\"":
        advance()
        return String(text)
      default:
        advance()
        text.append(character)
      }
    }
    throw unclosed(opening)
  }

  private func unclosed(_ opening: SourcePlace) -> ConfigurationError {
    ConfigurationError("this quote is not closed on its line", at: opening, help: "close it")
  }

  /// Reads `\n`, `\t`, `\"`, `\\`, `\/` or `\u0041` (with surrogate pairs, as JSON writes them).
  private mutating func escaped() throws(ConfigurationError) -> Unicode.Scalar {
    let start = position
    advance()
    let kind = current
    guard let kind, kind != "\n" else { return "\\" }
    advance()
    switch kind {
    case "n": return "\n"
    case "t": return "\t"
    case "\"", "\\", "/": return kind
    case "u":
      var code = hexadecimal()
      if let high = code, 0xD800...0xDBFF ~= high, current == "\\" {
        advance()
        guard current == "u" else { break }
        advance()
        guard let low = hexadecimal(), 0xDC00...0xDFFF ~= low else { break }
        code = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let code, let scalar = Unicode.Scalar(code), !scalar.isMisleading else { break }
      return scalar
    default: break
    }
    throw ConfigurationError(
      "this escape is not supported", at: place(from: start),
      help: #"the escapes are \n, \t, \", \\, \/ and \u0041"#)
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= characters.count else { return nil }
    var code: UInt32 = 0
    for character in characters[position..<position + 4] {
      guard character.isASCII, let digit = Character(character).hexDigitValue else { return nil }
      code = code << 4 | UInt32(digit)
    }
    position += 4
    return code
  }
}
