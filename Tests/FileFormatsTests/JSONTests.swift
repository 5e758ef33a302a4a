import FileFormats
import Testing

@Suite struct JSONTests {
  func decode(_ text: String, limits: JSONLimits = JSONLimits()) throws -> JSON {
    try JSON.decode(Array(text.utf8), path: "test.json", limits: limits)
  }

  static let texts: [(String, JSON)] = [
    ("null", JSON.null), (" true\n", true), ("false", false),
    ("0", 0), ("-12", -12), ("9223372036854775807", 9_223_372_036_854_775_807),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)),
    ("1.0", 1.0), ("-2.5e-3", -0.0025), ("1E2", 100.0), ("1e-400", 0.0),
    (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#, "a\"\\/\u{8}\u{C}\n\r\té😀é"),
    ("[]", []), ("[1,[2],{}]", [1, [2], .object([])]),
    (#"{"b":1,"a":{"c":null}}"#, ["b": 1, "a": ["c": nil]]),
  ]

  @Test(arguments: texts) func reads(text: String, expected: JSON) throws {
    #expect(try decode(text) == expected)
  }

  @Test(arguments: [
    ("", "line 1, column 1"), ("nul", "line 1, column 1"), ("[1,]", "line 1, column 4"),
    ("{\"a\":1,}", "line 1, column 8"), ("[1\n2]", "line 2, column 1"),
    ("{\"a\":1,\n\"a\":2}", "line 2, column 1"), ("{a:1}", "line 1, column 2"),
    ("01", "line 1, column 2"), ("+1", "line 1, column 1"), (".5", "line 1, column 1"),
    ("1.", "line 1, column 3"), ("1e", "line 1, column 3"), ("-", "line 1, column 2"),
    ("1e400", "line 1, column 1"), ("NaN", "line 1, column 1"), ("1 2", "line 1, column 3"),
    ("\"a", "line 1, column 3"), ("\"a\nb\"", "line 1, column 3"),
    (#""\x""#, "line 1, column 3"), (#""\u12"#, "line 1, column 4"),
    (#""\u+123""#, "line 1, column 4"), (#""\ud800""#, "line 1, column 8"),
    (#""\udc00""#, "line 1, column 8"), (#""\ud800\u0041""#, "line 1, column 14"),
    ("\u{FEFF}1", "line 1, column 1"), ("[1}", "line 1, column 3"),
    ("{\"a\" 1}", "line 1, column 6"),
    ("'a'", "line 1, column 1"), ("// a\n1", "line 1, column 1"), ("\"\\", "line 1, column 3"),
  ]) func refuses(text: String, place: String) {
    let error = expectError(.damaged) { _ = try decode(text) }
    #expect(error?.place == place)
  }

  @Test func refusesTextThatIsNotUTF8() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      expectError(.damaged) { _ = try JSON.decode([0x22] + bytes + [0x22], path: "test.json") }
    }
  }

  @Test func limitsHold() throws {
    let limits = JSONLimits(bytes: 100, depth: 3, nodes: 10)
    _ = try decode("[[[1,2,3,4,5,6,7]]]", limits: limits)
    expectError(.tooLarge) { _ = try decode("[[[1,2,3,4,5,6,7,8]]]", limits: limits) }
    expectError(.tooLarge) { _ = try decode("[[[[]]]]", limits: limits) }
    expectError(.tooLarge) { _ = try decode(String(repeating: " ", count: 101), limits: limits) }
    expectError(.tooLarge) { _ = try decode(String(repeating: "[", count: 100_000)) }
    expectError(.tooLarge) { _ = try decode(String(repeating: "{\"a\":", count: 100_000)) }
  }

  @Test func writesCompactly() {
    let value: JSON = ["b": [1, 2.5, true, nil], "a": "\"\\\n\u{1}\u{7F}é", "c": .object([])]
    #expect(
      value.text() == #"{"b":[1,2.5,true,null],"a":"\"\\\n\u0001\u007fé","c":{}}"#)
  }

  @Test func writesPrettily() {
    let value: JSON = ["b": [1, []], "a": ["c": 2.0]]
    #expect(
      value.text(pretty: true) == """
        {
          "b": [
            1,
            []
          ],
          "a": {
            "c": 2.0
          }
        }
        """)
  }

  @Test func readsBackWhatItWrites() throws {
    var generator = TestGenerator(state: 1)
    for round in 0..<2000 {
      let value = Self.value(depth: 4, &generator)
      #expect(try decode(value.text(pretty: round % 2 == 0)) == value)
    }
  }

  private static func value(depth: Int, _ generator: inout TestGenerator) -> JSON {
    let word = generator.next()
    switch word % (depth > 0 ? 7 : 5) {
    case 0: return .null
    case 1: return .bool(word > 1 << 63)
    case 2: return .integer(Int64(bitPattern: generator.next()) >> Int64(word >> 32 & 63))
    case 3:
      let number = Double(bitPattern: generator.next())
      return .number(number.isFinite ? number : 0.1)
    case 4:
      return .string(
        String(
          (0..<word >> 32 & 7).map { _ in
            Character(Unicode.Scalar(UInt32(generator.next() >> 48)) ?? "\u{1F600}")
          }))
    case 5: return .array((0..<word >> 32 & 3).map { _ in value(depth: depth - 1, &generator) })
    default:
      return .object(
        (0..<word >> 32 & 3).map { JSON.Member("key \($0)", value(depth: depth - 1, &generator)) })
    }
  }

  @Test func accessesFit() {
    let value: JSON = ["a": [1, 2.5], "b": "text", "c": true]
    #expect(value["a"]?[0]?.integerValue == 1)
    #expect(value["a"]?[0]?.doubleValue == 1)
    #expect(value["a"]?[1]?.integerValue == nil)
    #expect(value["a"]?[2] == nil)
    #expect(value["b"]?.stringValue == "text")
    #expect(value["c"]?.boolValue == true)
    #expect(value["d"] == nil)
    #expect(value["b"]?["x"] == nil)
  }

  @Test func mutationsAreReadOrRefused() {
    let text = #"{"a":[1,-2.5e3,true,null],"b":{"c":"d\u00e9\n\ud83d\ude00"},"e":0.125}"#
    forEachMutation(of: Array(text.utf8), count: 5000, seed: 2) { bytes in
      do throws(FileError) {
        let value = try JSON.decode(bytes, path: "test.json")
        let text = Array(value.text().utf8)
        #expect(throws: Never.self) { try JSON.decode(text, path: "test.json") == value }
      } catch {
        #expect(error.problem == .damaged && error.place != nil)
      }
    }
  }
}
