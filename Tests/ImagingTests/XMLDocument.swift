/// A reader of the XML that plots may use: elements, quoted attributes, and the three entities.
/// Throws where a document is not well-formed.
struct XMLDocument {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// The text directly inside.
    var text = ""
  }

  struct Malformed: Error {
    var reason: String
  }

  /// All elements in the order in which they begin.
  private(set) var elements: [Element] = []

  init(_ source: String) throws {
    var rest = Substring(source)
    var open: [Int] = []
    while let tag = rest.firstIndex(of: "<") {
      let text = try Self.unescaped(rest[..<tag])
      if let inner = open.last {
        elements[inner].text += text
      } else if text.contains(where: { !$0.isWhitespace }) {
        throw Malformed(reason: "text outside of the root: \(text)")
      }
      guard let end = rest[tag...].firstIndex(of: ">") else {
        throw Malformed(reason: "a tag does not end: \(rest[tag...].prefix(40))")
      }
      var content = rest[rest.index(after: tag)..<end]
      rest = rest[rest.index(after: end)...]
      if content.hasPrefix("/") {
        guard let last = open.popLast(), elements[last].name == content.dropFirst() else {
          throw Malformed(reason: "</\(content.dropFirst())> closes what is not open")
        }
        continue
      }
      if open.isEmpty, !elements.isEmpty { throw Malformed(reason: "a second root") }
      let isClosed = content.hasSuffix("/")
      if isClosed { content.removeLast() }
      elements.append(try Self.element(content))
      if !isClosed { open.append(elements.count - 1) }
    }
    guard open.isEmpty, !elements.isEmpty, rest.allSatisfy(\.isWhitespace) else {
      throw Malformed(reason: "the document does not end with its root")
    }
  }

  private static func element(_ content: Substring) throws -> Element {
    let name = content.prefix { !$0.isWhitespace }
    var element = Element(name: String(name), attributes: [:])
    var rest = content.dropFirst(name.count).drop(while: \.isWhitespace)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "="),
        rest[equals...].dropFirst().first == "\"",
        let quote = rest[equals...].dropFirst(2).firstIndex(of: "\"")
      else { throw Malformed(reason: "an attribute without a quoted value: \(rest)") }
      let key = String(rest[..<equals])
      guard element.attributes[key] == nil, !key.contains(where: \.isWhitespace) else {
        throw Malformed(reason: "the attribute \(key)")
      }
      element.attributes[key] = try unescaped(rest[equals...].dropFirst(2).prefix(upTo: quote))
      rest = rest[rest.index(after: quote)...].drop(while: \.isWhitespace)
    }
    return element
  }

  private static func unescaped(_ text: Substring) throws -> String {
    let allowed = text.unicodeScalars.allSatisfy {
      ($0.value >= 0x20 || $0 == "\n" || $0 == "\t") && $0.value & 0xFFFE != 0xFFFE
    }
    guard allowed else { throw Malformed(reason: "a character that XML does not allow") }
    let parts = text.split(separator: "&", omittingEmptySubsequences: false)
    var plain = String(parts[0])
    for part in parts.dropFirst() {
      let entities = [("amp;", "&"), ("lt;", "<"), ("gt;", ">")]
      guard let (entity, character) = entities.first(where: { part.hasPrefix($0.0) }) else {
        throw Malformed(reason: "an ampersand alone before \(part.prefix(10))")
      }
      plain += character + part.dropFirst(entity.count)
    }
    return plain
  }
}
