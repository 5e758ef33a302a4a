import FileFormats
import Testing

@Suite struct PrintableTextTests {
  @Test(arguments: [
    ("plain – ünï 漢字 👩‍🚀", "plain – ünï 漢字 👩‍🚀"), ("\u{1B}[31m", "\\u{1B}[31m"),
    ("a\rb", "a\\u{D}b"), ("\u{202E}txt", "\\u{202E}txt"), ("bell\u{7}", "bell\\u{7}"),
    ("soft\u{AD}hyphen", "soft\\u{AD}hyphen"), ("two\nlines", "two\\u{A}lines"),
  ])
  func misleadingCharactersAreWrittenOut(text: String, printable: String) {
    #expect(text.printable() == printable)
  }

  @Test func linesAreKeptWhereTheyAreMeant() {
    #expect("a\n\tb\r".printable(keepingLines: true) == "a\n\tb\\u{D}")
  }

  @Test func longTextsAreCut() {
    #expect("abcdef".printable(limit: 3) == "abc…")
    #expect("abc".printable(limit: 3) == "abc")
  }
}
