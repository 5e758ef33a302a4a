import FileFormats
import Testing

@Suite struct Base64Tests {
  /// RFC 4648, section 10.
  @Test(
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func textIsThatOfTheStandard(text: String, coded: String) {
    #expect(Base64.text(of: Array(text.utf8)) == coded)
  }

  @Test func everyBitCounts() {
    #expect(Base64.text(of: [0xFF, 0xEF, 0xBE, 0x00]) == "/+++AA==")
  }
}
