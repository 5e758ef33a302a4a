import Experiments
import Testing

@Suite("YAML subset")
struct YAMLTests {
  /// A tree in one line: `{a: [1, "x"]}`, quoted scalars in quotes.
  private func text(of node: ConfigurationNode) -> String {
    switch node.content {
    case .map(let entries):
      "{" + entries.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
    case .list(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
    case .scalar(let text, let isQuoted): isQuoted ? "\"\(text)\"" : text
    }
  }

  private func parse(_ text: String) throws -> ConfigurationNode {
    try YAML.parse(SourceText(path: "f.yaml", bytes: Array(text.utf8)))
  }

  @Test(
    "reads",
    arguments: [
      ("", "{}"),
      ("# only a comment\n\n", "{}"),
      ("a: 1", "{a: 1}"),
      ("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"),
      ("\u{FEFF}a: 1", "{a: 1}"),
      ("a: one two  # comment", "{a: one two}"),
      ("a: b#c", "{a: b#c}"),
      ("a: 12:30", "{a: 12:30}"),
      ("a: http://host/x", "{a: http://host/x}"),
      ("a: -1\nb: -x", "{a: -1, b: -x}"),
      ("a:\nb: 2", "{a: , b: 2}"),
      ("a:\n  b:\n    c: 1\n  d: 2\ne: 3", "{a: {b: {c: 1}, d: 2}, e: 3}"),
      ("a:\n  one", "{a: one}"),
      ("a:\n- 1\n- 2\nb: 3", "{a: [1, 2], b: 3}"),
      ("a:\n  - 1\n  - 2\nb: 3", "{a: [1, 2], b: 3}"),
      ("- a: 1\n  b: 2\n- c: 3\n-\n- - 4\n  - 5", "[{a: 1, b: 2}, {c: 3}, , [4, 5]]"),
      ("-\n  a: 1", "[{a: 1}]"),
      ("a: [1, two words, 'x, y', [3]]", "{a: [1, two words, \"x, y\", [3]]}"),
      ("a: []\nb: {}", "{a: [], b: {}}"),
      ("a: {b: 1, c: {d: 2}, e: }", "{a: {b: 1, c: {d: 2}, e: }}"),
      ("a: [\n  1,  # one\n  2,\n]\nb: 3", "{a: [1, 2], b: 3}"),
      ("{\"a\":1,\n \"b\":[true,null,\"x\"]}", "{a: 1, b: [true, null, \"x\"]}"),
      ("'a b': 'it''s'", "{a b: \"it's\"}"),
      (#"a: "\"\\\/\n\t\u0041\u00e9""#, "{a: \"\"\\/\n\tAé\"}"),
      (#"a: "\ud83d\ude00""#, "{a: \"😀\"}"),
      ("a: é 漢", "{a: é 漢}"),
      ("a: 'x'   # comment\n   # another\nb: 1", "{a: \"x\", b: 1}"),
    ])
  func reads(text source: String, expected: String) throws {
    #expect(try text(of: parse(source)) == expected)
  }

  @Test("knows the place of every key and value")
  func places() throws {
    let root = try parse("a: 1\nb:\n  c: [x, 'yy']\n")
    guard case .map(let entries) = root.content, case .map(let inner) = entries[1].value.content,
      case .list(let elements) = inner[0].value.content
    else {
      Issue.record("not the tree that was written")
      return
    }
    let places = [entries[0].value.place, inner[0].place, elements[0].place, elements[1].place]
    #expect(places.map(\.label) == ["f.yaml:1:4", "f.yaml:3:3", "f.yaml:3:7", "f.yaml:3:10"])
    #expect(places.map(\.length) == [1, 1, 1, 4])
  }

  @Test(
    "refuses, and says where",
    arguments: [
      ("a: &x 1", "anchors", "1:4"),
      ("a: 1\nb: *x", "aliases", "2:4"),
      ("a: !!int 1", "tags", "1:4"),
      ("a: 1\n<<: {b: 2}", "merge keys", "2:1"),
      ("---\na: 1", "document mark", "1:1"),
      ("a: 1\n...\n", "document mark", "2:1"),
      ("a: 1\n--- \nb: 2", "document mark", "2:1"),
      ("a:\n\tb: 1", "a tab", "2:1"),
      ("a: |\n  text", "several lines", "1:4"),
      ("a: >-\n  text", "several lines", "1:4"),
      ("? a\n: 1", "several lines", "1:1"),
      ("a: 1\nb: 2\na: 3", "'a' appears twice", "3:1"),
      ("a: {b: 1, b: 2}", "'b' appears twice", "1:11"),
      ("a: b: c", "a second ':'", "1:5"),
      ("a: 1\n  b: 2", "line up", "2:3"),
      ("  a: 1\nb: 2", "line up", "2:1"),
      ("a:\n    b: 1\n  c: 2", "line up", "3:3"),
      ("a: one\n  two", "line up", "2:3"),
      ("a: 1\nb", "'key: value'", "2:1"),
      ("a: 1\nb:2", "'key: value'", "2:1"),
      ("a: 1\n- 2", "list item among keys", "2:1"),
      ("a: - 1", "a list cannot begin here", "1:4"),
      (": 1", "a key is missing", "1:1"),
      ("'': 1", "empty key", "1:1"),
      ("a: 'x", "not closed", "1:4"),
      ("a: \"x\nb: 1", "not closed", "1:4"),
      ("a: \"x\\", "not closed", "1:4"),
      ("a: 'x' y", "line should end", "1:8"),
      ("a: [1, 2", "never closed", "1:4"),
      ("a: [1, 2,", "never closed", "1:4"),
      ("a: [", "value is missing", "1:5"),
      ("a: {b: 1", "never closed", "1:4"),
      ("a: {", "never closed", "1:4"),
      ("a: [1 2] 3", "line should end", "1:10"),
      ("a: [1, , 2]", "value is missing", "1:8"),
      ("a: {b}", "':' is expected", "1:5"),
      ("a: [b: 1]", "',' or ']'", "1:6"),
      ("a: @x", "cannot begin", "1:4"),
      ("a: 1\n[b: 2", "a key cannot begin", "2:1"),
      ("a: {#b: 1}", "a comment begins", "1:5"),
      (#"a: "\x41""#, "escape", "1:5"),
      (#"a: "\u001b""#, "escape", "1:5"),
      (#"a: "\ud83d""#, "escape", "1:5"),
      (#"a: "\u12"#, "escape", "1:5"),
      ("a: x\u{1B}[0m", "cannot be shown", "1:5"),
      ("a: x\u{202E}", "cannot be shown", "1:5"),
      ("a: \0", "cannot be shown", "1:4"),
      ("a: x\ry", "cannot be shown", "1:5"),
    ])
  func refuses(text: String, message: String, place: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try parse(text) }
    let diagnostic = try #require(error.diagnostics.first)
    #expect(diagnostic.message.contains(message))
    #expect(diagnostic.place?.label == "f.yaml:\(place)")
    #expect(error.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }

  @Test(
    "holds a file to its limits",
    arguments: [
      ("[", 32, "]", nil),
      ("[", 33, "]", "deeper than 32"),
      ("[", 500_000, "]", "deeper than 32"),
      ("- ", 100_000, "", "deeper than 32"),
      ("- 1\n", 9_999, "", nil),
      ("- 1\n", 10_000, "", "more than 10000 values"),
      ("x", 4096, "", nil),
      ("x", 4097, "", "at most 4096"),
      ("é", 2049, "", "at most 4096"),
      ("#", 1 << 20, "", nil),
      ("#", 1 << 20 + 1, "", "at most 1048576"),
      ("a: 1\n", 2_000_000, "", "at most 1048576"),
    ] as [(String, Int, String, String?)])
  func limits(text: String, count: Int, closing: String, message: String?) throws {
    let text = String(repeating: text, count: count) + String(repeating: closing, count: count)
    if let message {
      let error = try #require(throws: ConfigurationError.self) { try parse(text) }
      #expect(error.description.contains(message))
    } else {
      #expect(throws: Never.self) { try parse(text) }
    }
  }

  @Test("refuses bytes that are not UTF-8, naming the line")
  func encoding() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try SourceText(path: "f.yaml", bytes: Array("a: 1\nb: ".utf8) + [0xFF, 0xC0])
    }
    #expect(error.diagnostics.first?.place?.label == "f.yaml:2:1")
    #expect(error.description.contains("not UTF-8"))
  }
}
