import FileFormats
import Testing

/// A file with this header and data.
private func file(
  _ header: String, data: [UInt8] = [0, 0, 0, 0], length: UInt64? = nil
) -> [UInt8] {
  let length = length ?? UInt64(header.utf8.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
}

private func entry(
  _ name: String = "a", dtype: String = "\"F32\"", shape: String = "[1]",
  offsets: String = "[0,4]", more: String = ""
) -> String {
  "\"\(name)\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)\(more)}"
}

@Suite struct SafeTensorsReaderTests {
  func decode(_ bytes: [UInt8]) throws -> SafeTensors {
    try SafeTensors.decode(bytes, path: "a.safetensors")
  }

  static let accepted: [([UInt8], [String])] = [
    (file("{\(entry())}"), ["a"]),
    (file("{\(entry())}   "), ["a"]),
    (file("{\"__metadata__\":{\"x\":\"1\"},\(entry())}"), ["a"]),
    (file("{}", data: []), []),
    (file("{\(entry(shape: "[]"))}"), ["a"]),
    (file("{\(entry("../../x"))}"), ["../../x"]),
    (
      file(
        "{\(entry("b", offsets: "[4,8]")),\(entry("a"))}", data: [UInt8](repeating: 0, count: 8)),
      ["a", "b"]
    ),
    (file("{\(entry("z", shape: "[0,3]", offsets: "[0,0]")),\(entry())}"), ["z", "a"]),
    (file("{\(entry(dtype: "\"BOOL\"", shape: "[2,2]"))}", data: [0, 1, 1, 0]), ["a"]),
    (file("{\(entry(dtype: "\"BF16\"", shape: "[1,1,1,1,1,1,1,2]"))}"), ["a"]),
  ]

  @Test(arguments: accepted) func reads(bytes: [UInt8], names: [String]) throws {
    #expect(try decode(bytes).records.map(\.name) == names)
  }

  /// All that the reference implementation 0.8.0 refuses of these, and what we add: repeated
  /// names, unknown fields, a leading space, truth values above 1, empty names, names with
  /// control characters, more than eight dimensions.
  static let refused: [[UInt8]] = [
    [], [1, 2, 3, 4, 5, 6, 7],
    file("", data: []), file("[]"), file("{}"), file("null"),
    file("{\(entry())}", length: 1 << 63), file("{\(entry())}", length: .max),
    file("{\(entry())}", length: 100_000_001), file("{\(entry())}", length: 1 << 31),
    file("{\(entry())}", length: 10), file(" {\(entry())}"), file("\u{FEFF}{\(entry())}"),
    file("{\(entry()),}"), file("{\(entry()),\(entry())}"),
    file("{\(entry(more: ",\"dtype\":\"F32\""))}"), file("{\(entry(more: ",\"x\":1"))}"),
    file("{\(entry(shape: "[1.0]"))}"), file("{\(entry(shape: "[-1]"))}"),
    file("{\(entry(shape: "[18446744073709551615]"))}"), file("{\(entry(shape: "1"))}"),
    file("{\(entry(offsets: "[4,8]"))}", data: [UInt8](repeating: 0, count: 8)),
    file("{\(entry())}", data: [0, 0, 0, 0, 0]), file("{\(entry())}", data: [0, 0, 0]),
    file("{\(entry(offsets: "[0,4,4]"))}"), file("{\(entry(offsets: "[4,0]"))}"),
    file("{\(entry(offsets: "[-4,0]"))}"), file("{\(entry(shape: "[2]"))}"),
    file("{\(entry(offsets: "[9223372036854775803,9223372036854775807]"))}"),
    file("{\(entry()),\(entry("b"))}"), file("{\"__metadata__\":{\"x\":1},\(entry())}"),
    file("{\"__metadata__\":[],\(entry())}"), file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}"),
    file("{\(entry(""))}"), file("{\(entry("a\\u0000b"))}"), file("{\(entry("a\\u001bb"))}"),
    file("{\(entry("a\\u0085b"))}"), file("{\(entry(String(repeating: "a", count: 513)))}"),
    file("{\(entry(dtype: "\"BOOL\"", shape: "[4]"))}", data: [0, 1, 2, 1]),
  ]

  @Test(arguments: refused) func refuses(bytes: [UInt8]) {
    expectError(.damaged) { _ = try decode(bytes) }
  }

  @Test func refusesTextThatIsNotUTF8() {
    var bytes = file("{\(entry("?"))}")
    bytes[10] = 0xFF
    expectError(.damaged) { _ = try decode(bytes) }
  }

  @Test(arguments: ["\"F99\"", "\"f32\"", "\"C64\""]) func namesTheUnknownType(dtype: String) {
    let error = expectError(.unsupported) { _ = try decode(file("{\(entry(dtype: dtype))}")) }
    #expect(error?.place == "tensor 'a'")
  }

  static let oversized: [[UInt8]] = [
    file("{\(entry(shape: "[4294967296,4294967296]"))}"),
    file("{\(entry(shape: "[4611686018427387904]"))}"),
    file("{\(entry(shape: "[0,9223372036854775807]", offsets: "[0,0]"))}", data: []),
    file("{\(entry(shape: "[1,1,1,1,1,1,1,1,1]"))}"),
    file("{\"a\":" + String(repeating: "[", count: 5000) + "}"),
  ]

  @Test(arguments: oversized) func refusesWhatIsTooLarge(bytes: [UInt8]) {
    expectError(.tooLarge) { _ = try decode(bytes) }
  }

  @Test func refusesAHeaderMuchLongerThanTheData() {
    let header = "{\(entry())}" + String(repeating: " ", count: 3 << 20)
    expectError(.tooLarge) { _ = try decode(file(header)) }
  }

  @Test func mutationsAreReadOrRefused() {
    let bytes = SafeTensors.encode(
      [
        TensorRecord(name: "weight", shape: [2, 3], values: [Float](repeating: 1, count: 6)),
        TensorRecord(name: "count", shape: [], values: [UInt64(7)]),
        TensorRecord(name: "flags", elementType: .bool, shape: [3], bytes: [0, 1, 0]),
      ], metadata: [SafeTensors.Metadata("format", "1")])
    forEachMutation(of: bytes, count: 10_000, seed: 4) { bytes in
      do throws(FileError) {
        let read = try SafeTensors.decode(bytes, path: "a.safetensors")
        let again = SafeTensors.encode(read.records, metadata: read.metadata)
        #expect(throws: Never.self) { try SafeTensors.decode(again, path: "again") }
      } catch {
        #expect([.damaged, .unsupported, .tooLarge].contains(error.problem))
      }
    }
  }
}

@Suite struct SafeTensorsWriterTests {
  let records = [
    TensorRecord(name: "b", elementType: .uint8, shape: [3], bytes: [1, 2, 3]),
    TensorRecord(name: "c", values: [Float(1), -2]),
    TensorRecord(name: "a", shape: [1, 2], values: [Float.nan, .infinity]),
    TensorRecord(name: "n", shape: [], values: [Int64.min]),
  ]

  /// The bytes the reference implementation 0.8.0 writes for these tensors.
  @Test func writesTheFormat() {
    let header =
      #"{"__metadata__":{"format":"1"},"#
      + #""n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"#
      + #""c":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},"#
      + #""b":{"dtype":"U8","shape":[3],"data_offsets":[24,27]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let data: [UInt8] =
      [0, 0, 0, 0, 0, 0, 0, 0x80] + [0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x7F]
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0] + [1, 2, 3]
    let metadata = [SafeTensors.Metadata("format", "1")]
    #expect(
      SafeTensors.encode(records, metadata: metadata) == file(header + padding, data: data))
  }

  @Test func theOrderOfRecordsDoesNotMatter() {
    #expect(SafeTensors.encode(records) == SafeTensors.encode(records.reversed()))
    #expect(
      Array(SafeTensors.chunks(records).joined()) == SafeTensors.encode(records))
  }

  @Test func readsBackWhatItWrites() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a.safetensors"
    let metadata = [SafeTensors.Metadata("z", "é\"\n"), SafeTensors.Metadata("a", "")]
    try DurableFile.write(chunks: SafeTensors.chunks(records, metadata: metadata), to: path)
    let read = try SafeTensors.read(path)
    #expect(Set(read.records) == Set(records))
    #expect(read.metadata == metadata)
    #expect(read.metadata("a") == "")
    #expect(read["c"]?.values() == [Float(1), -2])
    #expect(read["n"]?.values(as: Int64.self) == [.min])
    #expect(read["d"] == nil)
  }

  @Test func valuesComeBackOnlyAsWhatTheyAre() {
    let record = TensorRecord(name: "a", values: [UInt32.max, 1])
    #expect(record.values(as: UInt32.self) == [.max, 1])
    #expect(record.values(as: Int32.self) == nil)
    #expect(record.values(as: Float.self) == nil)
    #expect(TensorRecord(name: "e", values: [Double]()).values(as: Double.self) == [])
  }

  @Test(arguments: TensorRecord.ElementType.allCases)
  func everyElementTypeReadsBack(type: TensorRecord.ElementType) throws {
    let bytes = (0..<2 * type.size).map { UInt8($0 % 2) }
    let record = TensorRecord(name: "a", elementType: type, shape: [2], bytes: bytes)
    let read = try SafeTensors.decode(SafeTensors.encode([record]), path: "a.safetensors")
    #expect(read.records == [record])
  }
}
