/// Reads the subset of YAML 1.2 that configurations are written in: block maps and lists, flow
/// maps and lists (and so JSON), plain and quoted scalars on one line, comments.
///
/// Anchors, aliases, tags, merge keys, several documents, tabs and texts of several lines are
/// refused, as are duplicate keys. Scalars stay raw text: only a schema types them.
public enum YAML {
  /// The root of a file; an empty map when it holds nothing.
  ///
  /// Throws at the first place that is not in the subset, or exceeds 32 levels, 10,000 nodes or
  /// 4 KiB in a scalar.
  public static func parse(_ source: SourceText) throws(ConfigurationError) -> ConfigurationNode {
    var parser = YAMLParser(scanner: YAMLScanner(source))
    return try parser.document()
  }

  /// A value that begins with a bracket, a brace or a quote at `position` and fills the rest of
  /// the line, as an override may hold.
  static func parseValue(
    _ source: SourceText, at position: Int
  ) throws(ConfigurationError) -> ConfigurationNode {
    var parser = YAMLParser(scanner: YAMLScanner(source, position: position))
    return try parser.inlineValue()
  }
}

/// Recursive descent over the scanner. The nesting of blocks is a column: an entry of a block
/// begins in the column of its first entry.
private struct YAMLParser {
  var scanner: YAMLScanner
  private var nodes = 0
  private var depth = 0

  init(scanner: YAMLScanner) {
    self.scanner = scanner
  }

  mutating func document() throws(ConfigurationError) -> ConfigurationNode {
    try scanner.skipBlanks()
    guard scanner.current != nil else {
      return try node(.map([]), at: scanner.place(length: 0))
    }
    let root = try block()
    try scanner.skipBlanks()
    if scanner.current != nil { throw misaligned() }
    return root
  }

  // MARK: Blocks

  /// The block that begins at the cursor.
  private mutating func block() throws(ConfigurationError) -> ConfigurationNode {
    let column = scanner.column
    if scanner.isAtItem { return try blockList(column: column) }
    if scanner.current == "[" || scanner.current == "{" { return try inlineValue() }
    let scalar = try scanner.scalar(inFlow: false)
    scanner.skipSpaces()
    if scanner.isAtKeyEnd { return try blockMap(column: column, firstKey: scalar) }
    try expectLineEnd()
    return try node(scalar)
  }

  private mutating func blockMap(
    column: Int, firstKey: YAMLScanner.Scalar
  ) throws(ConfigurationError) -> ConfigurationNode {
    try enter(at: firstKey.place)
    var entries = MapEntries()
    var key = firstKey
    while true {
      try entries.check(key)
      scanner.advance()
      entries.append(key, try blockValue(column: column, key: key))
      guard try isAtEntry(column: column) else { break }
      if scanner.isAtItem {
        throw ConfigurationError(
          "a list item among keys", at: scanner.place(), help: "write 'key: value'")
      }
      key = try scanner.scalar(inFlow: false)
      scanner.skipSpaces()
      guard scanner.isAtKeyEnd else {
        throw ConfigurationError(
          "'key: value' is expected here", at: key.place,
          help: key.text.contains(":") ? "write a space after ':'" : nil)
      }
    }
    depth -= 1
    return try node(.map(entries.entries), at: firstKey.place)
  }

  /// What follows the ':' of a key in `column`: a value on the same line, a deeper block, or
  /// nothing.
  private mutating func blockValue(
    column: Int, key: YAMLScanner.Scalar
  ) throws(ConfigurationError) -> ConfigurationNode {
    scanner.skipSpaces()
    guard scanner.isAtLineEnd else { return try inlineValue() }
    try scanner.skipBlanks()
    if scanner.current != nil {
      if scanner.column > column { return try block() }
      if scanner.column == column, scanner.isAtItem { return try blockList(column: column) }
    }
    return try node(.scalar("", isQuoted: false), at: key.place)
  }

  private mutating func blockList(column: Int) throws(ConfigurationError) -> ConfigurationNode {
    let place = scanner.place()
    try enter(at: place)
    var elements: [ConfigurationNode] = []
    repeat {
      let dash = scanner.place()
      scanner.advance()
      try scanner.skipBlanks()
      if scanner.current != nil, scanner.column > column {
        elements.append(try block())
      } else {
        elements.append(try node(.scalar("", isQuoted: false), at: dash))
      }
    } while try isAtEntry(column: column) && scanner.isAtItem
    depth -= 1
    return try node(.list(elements), at: place)
  }

  /// Whether the next content is another entry of the block in `column`.
  private mutating func isAtEntry(column: Int) throws(ConfigurationError) -> Bool {
    try scanner.skipBlanks()
    guard scanner.current != nil, scanner.column >= column else { return false }
    if scanner.column > column { throw misaligned() }
    return true
  }

  private func misaligned() -> ConfigurationError {
    ConfigurationError(
      "this does not line up with the lines above", at: scanner.place(),
      help: "entries of one block begin in one column; a text stands on one line")
  }

  // MARK: Values within a line

  /// A scalar or flow collection, and nothing after it on its last line.
  mutating func inlineValue() throws(ConfigurationError) -> ConfigurationNode {
    let value: ConfigurationNode
    if scanner.current == "[" || scanner.current == "{" {
      value = try flow()
    } else {
      value = try node(try scanner.scalar(inFlow: false))
    }
    try expectLineEnd()
    return value
  }

  private mutating func expectLineEnd() throws(ConfigurationError) {
    scanner.skipSpaces()
    guard !scanner.isAtLineEnd else { return }
    throw scanner.isAtKeyEnd
      ? ConfigurationError(
        "a second ':' on this line", at: scanner.place(),
        help: "put the text in quotes, or the inner map on its own lines")
      : ConfigurationError("the line should end here", at: scanner.place())
  }

  /// The value at the cursor inside brackets or braces.
  private mutating func flow() throws(ConfigurationError) -> ConfigurationNode {
    let opening = scanner.place()
    switch scanner.current {
    case "[":
      try enter(at: opening)
      var elements: [ConfigurationNode] = []
      try beginFlow()
      while scanner.current != "]" {
        elements.append(try flow())
        try separate(closing: "]", opening)
      }
      scanner.advance()
      depth -= 1
      return try node(.list(elements), at: opening)
    case "{":
      try enter(at: opening)
      var entries = MapEntries()
      try beginFlow()
      while scanner.current != "}" {
        if scanner.current == nil { throw unclosed(opening) }
        let key = try scanner.scalar(inFlow: true)
        try entries.check(key)
        scanner.skipSpaces()
        guard scanner.current == ":" else {
          throw ConfigurationError("a ':' is expected after the key", at: key.place)
        }
        scanner.advance()
        try scanner.skipBlanks()
        if scanner.current == "," || scanner.current == "}" {
          entries.append(key, try node(.scalar("", isQuoted: false), at: key.place))
        } else {
          entries.append(key, try flow())
        }
        try separate(closing: "}", opening)
      }
      scanner.advance()
      depth -= 1
      return try node(.map(entries.entries), at: opening)
    case nil:
      throw ConfigurationError("a value is missing at the end", at: opening)
    default:
      return try node(try scanner.scalar(inFlow: true))
    }
  }

  private mutating func beginFlow() throws(ConfigurationError) {
    scanner.advance()
    try scanner.skipBlanks()
  }

  /// Steps over the comma between two elements, which may also stand after the last one.
  private mutating func separate(
    closing: Unicode.Scalar, _ opening: SourcePlace
  ) throws(ConfigurationError) {
    try scanner.skipBlanks()
    switch scanner.current {
    case closing: return
    case ",":
      scanner.advance()
      try scanner.skipBlanks()
      if scanner.current == nil { throw unclosed(opening) }
    case nil: throw unclosed(opening)
    default:
      throw ConfigurationError("',' or '\(closing)' is expected here", at: scanner.place())
    }
  }

  private func unclosed(_ opening: SourcePlace) -> ConfigurationError {
    ConfigurationError("this bracket is never closed", at: opening, help: "close it")
  }

  // MARK: Nodes and limits

  private mutating func enter(at place: SourcePlace) throws(ConfigurationError) {
    depth += 1
    guard depth <= ConfigurationLimits.depth else {
      throw ConfigurationError(
        "nested deeper than \(ConfigurationLimits.depth) levels", at: place)
    }
  }

  private mutating func node(
    _ content: ConfigurationNode.Content, at place: SourcePlace
  ) throws(ConfigurationError) -> ConfigurationNode {
    nodes += 1
    guard nodes <= ConfigurationLimits.nodes else {
      throw ConfigurationError(
        "more than \(ConfigurationLimits.nodes) values in one configuration", at: place)
    }
    return ConfigurationNode(content: content, place: place)
  }

  private mutating func node(
    _ scalar: YAMLScanner.Scalar
  ) throws(ConfigurationError) -> ConfigurationNode {
    try node(.scalar(scalar.text, isQuoted: scalar.isQuoted), at: scalar.place)
  }
}

/// The entries of a map being read, with the lines of its keys.
private struct MapEntries {
  private(set) var entries: [ConfigurationNode.Entry] = []
  private var lines: [String: Int] = [:]

  /// Throws when a key cannot stand in the map.
  mutating func check(_ key: YAMLScanner.Scalar) throws(ConfigurationError) {
    if key.text == "<<", !key.isQuoted {
      throw ConfigurationError(
        "merge keys are not supported", at: key.place, help: "write the keys out, or use 'extends'")
    }
    guard !key.text.isEmpty else {
      throw ConfigurationError("an empty key", at: key.place)
    }
    if let first = lines.updateValue(key.place.line, forKey: key.text) {
      throw ConfigurationError(
        "'\(key.text.shown)' appears twice", at: key.place,
        help: "it is first on line \(first)")
    }
  }

  mutating func append(_ key: YAMLScanner.Scalar, _ value: ConfigurationNode) {
    entries.append(.init(key: key.text, place: key.place, value: value))
  }
}
