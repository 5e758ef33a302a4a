import Datasets
import FileFormats
import Randomness
import Testing

@Suite struct IDXTests {
  /// `idx([3], [7, 8, 9])` packed by gzip.
  static let packed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
    0x63, 0x60, 0xE0, 0x60, 0x64, 0x60, 0x60, 0x60, 0x66, 0xE7, 0xE0, 0x04,
    0x00, 0xAD, 0x98, 0x0A, 0xBA, 0x0B, 0x00, 0x00, 0x00,
  ]

  @Test(arguments: [[6], [2, 3], [1, 2, 3], [3, 1, 2, 1]]) func reads(shape: [Int]) throws {
    let array = try IDX.decode(idx(shape, [1, 2, 3, 4, 5, 6]), path: "a")
    #expect(array.shape == shape)
    #expect(array.bytes == [1, 2, 3, 4, 5, 6])
  }

  @Test func readsPackedAndEmptyFiles() throws {
    #expect(
      try IDX.decode(Self.packed, path: "a.gz") == IDX.decode(idx([3], [7, 8, 9]), path: "a"))
    #expect(try IDX.decode(idx([0, 5], []), path: "a").bytes == [])
  }

  static let damaged: [([UInt8], String)] = [
    ([], "byte 0"), ([0, 0, 8], "byte 0"), ([1, 0, 8, 1, 0, 0, 0, 0], "byte 0"),
    ([0, 0, 7, 1, 0, 0, 0, 0], "byte 2"), ([0, 0, 8, 0], "byte 3"),
    ([0, 0, 8, 5] + [UInt8](repeating: 0, count: 20), "byte 3"),
    ([0, 0, 8, 255, 0, 0, 0, 0], "byte 3"), ([0, 0, 8, 2, 0, 0, 0, 1, 0], "byte 9"),
    (idx([3], [1, 2]), "byte 4"), (idx([3], [1, 2, 3, 4]), "byte 4"),
    (idx([1 << 31], [1]), "byte 4"), (idx([0xFFFF_FFFF], [1]), "byte 4"),
    (idx([1 << 31, 1 << 31, 1 << 31], [1]), "byte 4"),
    (idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], []), "byte 4"),
    (idx([1 << 16, 1 << 16, 1 << 16, 1 << 16], []), "byte 4"),
  ]

  @Test(arguments: damaged) func refuses(bytes: [UInt8], place: String) {
    let error = expectError(.damaged) { _ = try IDX.decode(bytes, path: "a") }
    #expect(error?.place == place)
  }

  @Test func namesWhatItDoesNotRead() {
    expectError(.unsupported) { _ = try IDX.decode([0, 0, 0x0D, 1, 0, 0, 0, 0], path: "a") }
    expectError(.tooLarge) {
      _ = try IDX.decode(idx([100], [UInt8](repeating: 0, count: 100)), path: "a", limit: 107)
    }
    expectError(.damaged) { _ = try IDX.decode(Array(Self.packed.dropLast()), path: "a.gz") }
  }

  @Test(arguments: [false, true]) func mutationsAreReadOrRefused(isPacked: Bool) {
    let whole = isPacked ? Self.packed : idx([2, 2, 3], Array(0..<12))
    var stream = RandomStream(seed: 1, name: "mutations")
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0...stream.integer(below: 3) {
        bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
      }
      if stream.integer(below: 8) == 0 { bytes.removeLast(stream.integer(below: bytes.count)) }
      do throws(FileError) {
        let array = try IDX.decode(bytes, path: "a")
        #expect(array.shape.reduce(1, *) == array.bytes.count)
      } catch {
        #expect([.damaged, .unsupported].contains(error.problem))
      }
    }
  }
}
