import Experiments
import FileFormats
import Testing

@Suite struct RunReportTests {
  private let workshop = Workshop()
  private var folder: RunFolder { RunFolder(path: workshop.outputs + "/descent-001") }

  private func written() throws -> String {
    String(decoding: try Files.read(folder.report), as: UTF8.self)
  }

  private func made() throws -> String {
    let guide = workshop.studio.measureGuide(for: "descent")
    return RunReport(try RunSummary(folder), guide: guide).html()
  }

  @Test(arguments: [
    (Descent.Trouble?.none, "finished"), (.signal(step: 2), "stopped"),
    (.loss(.nan, step: 3), "diverged"), (.crash(step: 3), "failed"),
  ])
  func itIsWrittenHoweverTheRunEnds(trouble: Descent.Trouble?, status: String) throws {
    _ = try? workshop.begin(["train.epochs=2"], trouble: trouble)
    let page = try written()
    #expect(page.contains("class=\"status \(status)\""))
    #expect(page == (try made()))
    #expect(page == (try made()))
  }

  @Test func itHoldsEverythingItself() throws {
    try workshop.begin(["train.epochs=3", "learningRate=0.05"])
    let page = try written()
    for text in [
      "<h2>Curves</h2>", "test loss", "square metres", "learningRate</td><td>0.05</td><td>override",
      "<td>point</td><td>Point</td>", "descent-001", "data: nothing", "<h2>Timing</h2>",
      "prefers-color-scheme: dark",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    let picture = try Files.read(folder.images + "/place.png")
    #expect(page.contains("src=\"data:image/png;base64," + base64(picture) + "\""))
    #expect(!page.contains("<script"))
    // Names of formats are no addresses that a browser would ask.
    let addresses = page.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!addresses.contains("http://") && !addresses.contains("https://"))
  }

  @Test func whatComesFromOutsideIsEscaped() throws {
    try workshop.begin(["train.epochs=1"])
    let hostile = "<script>alert('1')</script>\\u001b[2J\\u202e&"
    let record = String(decoding: try Files.read(folder.record), as: UTF8.self)
      .replacing("\"problem\": null", with: "\"problem\": \"\(hostile)\"")
    try DurableFile.write(Array(record.utf8), to: folder.record)
    try DurableFile.write(Array("not YAML: [<b>\n".utf8), to: folder.configuration)
    try DurableFile.write(Array("\u{89}PNG".utf8), to: folder.images + "/bad.png")
    let page = try made()
    #expect(
      page.contains(
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\\u{1B}[2J\\u{202E}&amp;"))
    #expect(!page.contains("<script") && !page.contains("<b>") && !page.contains("\u{1B}"))
    #expect(!page.contains("alt=\"bad\""))
  }

  @Test(arguments: ["metrics.jsonl", "timing.jsonl", "model.json", "config.yaml"])
  func aMissingFileIsNoError(name: String) throws {
    try workshop.begin(["train.epochs=1"])
    try Files.remove("\(folder.path)/\(name)")
    #expect(try made().hasSuffix("</html>\n"))
  }

  /// RFC 4648, by bits.
  private func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    let groups = stride(from: 0, to: bits.count, by: 6).map { start in
      (0..<6).reduce(0) { $0 << 1 | (start + $1 < bits.count ? Int(bits[start + $1]) : 0) }
    }
    let text = String(groups.map { letters[$0] })
    return text + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }
}
