/// How much JSON is read before a text is refused.
public struct JSONLimits: Sendable, Hashable {
  /// The length of the text in bytes.
  public var bytes = 64 << 20
  /// How deep arrays and objects may be nested.
  public var depth = 32
  /// The number of values, each array and object counted with its content.
  public var nodes = 1_000_000

  /// The default limits.
  public init() {}

  /// The given limits.
  public init(bytes: Int, depth: Int, nodes: Int) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }
}

extension JSON {
  /// Reads one JSON text, strictly by RFC 8259: UTF-8 without a byte order mark, no trailing
  /// commas, no repeated keys, no lone surrogates, no numbers a Double cannot hold.
  ///
  /// - Parameter path: named in errors, with the line and column.
  /// - Throws: `.damaged` or `.tooLarge`.
  public static func decode(
    _ bytes: [UInt8], path: String, limits: JSONLimits = JSONLimits()
  ) throws(FileError) -> JSON {
    guard bytes.count <= limits.bytes else {
      throw FileError(
        .tooLarge, path: path, "\(bytes.count) bytes of JSON, at most \(limits.bytes) are read")
    }
    var scanner = JSONScanner(bytes: bytes, path: path, limits: limits)
    return try scanner.document()
  }
}

private struct JSONScanner {
  let bytes: [UInt8]
  let path: String
  let limits: JSONLimits
  var position = 0
  var nodes = 0

  init(bytes: [UInt8], path: String, limits: JSONLimits) {
    self.bytes = bytes
    self.path = path
    self.limits = limits
  }

  mutating func document() throws(FileError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("text after the end of the JSON value") }
    return value
  }

  private mutating func value(depth: Int) throws(FileError) -> JSON {
    skipSpace()
    nodes += 1
    guard nodes <= limits.nodes else {
      throw failure("more than \(limits.nodes) JSON values", .tooLarge)
    }
    switch peek() {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("JSON ends where a value was expected")
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    default: throw failure("expected a JSON value")
    }
  }

  private mutating func members(depth: Int) throws(FileError) -> [JSON.Member] {
    try enter(depth)
    var members: [JSON.Member] = []
    var keys: Set<String> = []
    if take("}") { return members }
    repeat {
      skipSpace()
      let start = position
      guard peek() == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
      let key = try string()
      guard keys.insert(key).inserted else {
        position = start
        throw failure("repeated key '\(key.prefix(100))'")
      }
      guard take(":") else { throw failure("expected ':'") }
      members.append(JSON.Member(key, try value(depth: depth)))
    } while take(",")
    guard take("}") else { throw failure("expected ',' or '}'") }
    return members
  }

  private mutating func elements(depth: Int) throws(FileError) -> [JSON] {
    try enter(depth)
    var elements: [JSON] = []
    if take("]") { return elements }
    repeat {
      elements.append(try value(depth: depth))
    } while take(",")
    guard take("]") else { throw failure("expected ',' or ']'") }
    return elements
  }

  private mutating func enter(_ depth: Int) throws(FileError) {
    guard depth <= limits.depth else {
      throw failure("JSON nested deeper than \(limits.depth)", .tooLarge)
    }
    position += 1
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(FileError) -> JSON {
    let expected = Array(word.description.utf8)
    guard bytes[position...].starts(with: expected) else { throw failure("expected a JSON value") }
    position += expected.count
    return value
  }

  private mutating func number() throws(FileError) -> JSON {
    let start = position
    var isInteger = true
    _ = takeByte("-")
    if !takeByte("0") { try digits() }
    if takeByte(".") {
      isInteger = false
      try digits()
    }
    if takeByte("e") || takeByte("E") {
      isInteger = false
      if !takeByte("+") { _ = takeByte("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, text != "-0", let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      position = start
      throw failure("the number \(text.prefix(40)) is out of range")
    }
    return .number(value)
  }

  private mutating func digits() throws(FileError) {
    let start = position
    while let byte = peek(), isDigit(byte) { position += 1 }
    guard position > start else { throw failure("expected a digit") }
  }

  private mutating func string() throws(FileError) -> String {
    position += 1
    var text = ""
    while true {
      let start = position
      while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
      {
        position += 1
      }
      guard let plain = String(validating: bytes[start..<position], as: UTF8.self) else {
        position = start
        throw failure("text that is not UTF-8")
      }
      text += plain
      switch peek() {
      case UInt8(ascii: "\""):
        position += 1
        return text
      case UInt8(ascii: "\\"): text.unicodeScalars.append(try escape())
      case nil: throw failure("JSON ends inside a text")
      default: throw failure("control character in a text")
      }
    }
  }

  private mutating func escape() throws(FileError) -> Unicode.Scalar {
    position += 1
    let letter = peek()
    position += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xD800...0xDBFF).contains(code), takeByte("\\"), takeByte("u") {
        let low = try codeUnit()
        guard (0xDC00...0xDFFF).contains(low) else { throw failure("lone surrogate in a text") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("lone surrogate in a text") }
      return scalar
    default:
      position -= 1
      throw failure("unknown escape in a text")
    }
  }

  private mutating func codeUnit() throws(FileError) -> UInt32 {
    let text = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard text.utf8.count == 4, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let code = UInt32(text, radix: 16)
    else { throw failure("expected four hexadecimal digits") }
    position += 4
    return code
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  /// Skips space, then takes `character` if it is next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return takeByte(character)
  }

  private mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func failure(_ message: String, _ problem: FileProblem = .damaged) -> FileError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - ((before.lastIndex(of: 0x0A) ?? -1) + 1) + 1
    return FileError(problem, path: path, place: "line \(line), column \(column)", message)
  }
}
