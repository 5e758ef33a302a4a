import FileFormats
import Testing

@Suite struct CRC32CTests {
  /// RFC 3720, appendix B.4, and the check value of the CRC catalogues.
  static let vectors: [([UInt8], UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    (Array((0..<32).reversed()), 0x113F_DB5C),
    (Array("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test(arguments: vectors) func publishedVectors(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == expected)
  }

  @Test(arguments: 0...20) func piecesGiveTheSameAsTheWhole(split: Int) {
    let bytes = (0..<20).map { UInt8($0 * 7) }
    var checksum = CRC32C()
    checksum.update(Array(bytes[..<split]))
    checksum.update(Array(bytes[split...]))
    #expect(checksum.value == CRC32C.checksum(of: bytes))
  }
}

@Suite struct SHA256Tests {
  /// FIPS 180-2, appendix B, and NIST's short message of no bytes.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]) func publishedVectors(text: String, expected: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == expected)
  }

  @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 200])
  func piecesGiveTheSameAsTheWhole(split: Int) {
    let bytes = (0..<200).map { UInt8($0) }
    var hash = SHA256()
    hash.update(Array(bytes[..<split]))
    hash.update(Array(bytes[split...]))
    #expect(hash.hexadecimal == SHA256.hexadecimal(of: bytes))
  }
}
