import FileFormats
import Testing

@Suite struct NPZTests {
  static let records = [
    TensorRecord(name: "x0", shape: [2, 3], values: [1, 2, 3, 4, 5, 6.5] as [Float]),
    TensorRecord(name: "a/cotangent", shape: [], values: [-0.25]),
    TensorRecord(name: "nothing", shape: [0, 4], values: [] as [Int32]),
    TensorRecord(name: "größe", values: [7] as [UInt8]),
  ]

  func encoded() throws -> [UInt8] { try NPZ.encode(Self.records, path: "a.npz") }

  @Test func whatIsWrittenIsRead() throws {
    #expect(try NPZ.decode(encoded(), path: "a.npz") == Self.records)
    #expect(try NPZ.decode(NPZ.encode([], path: "a.npz"), path: "a.npz") == [])
    #expect(try encoded() == encoded())
  }

  @Test func everyTruncationIsDamaged() throws {
    let whole = try encoded()
    for length in whole.indices {
      expectError(.damaged) { _ = try NPZ.decode(Array(whole[..<length]), path: "a.npz") }
    }
  }

  @Test func mutationsAreReadOrRefused() throws {
    try forEachMutation(of: encoded(), count: 20_000, seed: 5) { bytes in
      do throws(FileError) {
        _ = try NPZ.decode(bytes, path: "a.npz")
      } catch {
        #expect([.damaged, .unsupported, .tooLarge].contains(error.problem))
        #expect(!error.description.contains("\n"))
      }
    }
  }

  /// Every byte of a member's content is under its checksum.
  @Test func changedContentIsDamaged() throws {
    let whole = try encoded()
    let content = try #require(whole.indices.first { whole[$0...].starts(with: [0x93, 0x4E]) })
    for place in content..<content + 80 {
      var altered = whole
      altered[place] ^= 0x10
      let error = expectError(.damaged) { _ = try NPZ.decode(altered, path: "a.npz") }
      #expect(error?.place == "member 'x0.npy'")
    }
  }

  @Test func limitsHold() throws {
    let limit = try encoded().count
    #expect(try NPZ.decode(encoded(), path: "a.npz", limit: limit).count == 4)
    expectError(.tooLarge) { _ = try NPZ.decode(encoded(), path: "a.npz", limit: 200) }
    let many = (0...4096).map { TensorRecord(name: "x\($0)", values: [0] as [UInt8]) }
    expectError(.tooLarge) { _ = try NPZ.encode(many, path: "a.npz") }
  }

  /// Two members of one name, a member that claims another's bytes, bytes before the first one.
  @Test func overlapsAndHolesAreDamaged() throws {
    let one = try NPZ.encode([Self.records[0]], path: "a.npz")
    let two = try NPZ.encode(
      [Self.records[0], TensorRecord(name: "x1", values: [1] as [UInt8])], path: "a.npz")
    let renamed = two.map { $0 == UInt8(ascii: "1") ? UInt8(ascii: "0") : $0 }
    expectError(.damaged) { _ = try NPZ.decode(renamed, path: "a.npz") }
    expectError(.damaged) { _ = try NPZ.decode([0] + one, path: "a.npz") }
    expectError(.damaged) { _ = try NPZ.decode(one + [0], path: "a.npz") }
  }
}
