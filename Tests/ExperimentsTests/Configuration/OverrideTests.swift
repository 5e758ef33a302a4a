import Experiments
import Testing

@Suite("Overrides")
struct OverrideTests {
  @Test("win over the file, the last one over those before")
  func precedence() throws {
    let resolved = try sample(
      "latentSize: 5\nhidden: [1]", ["latentSize=6", "latentSize=7", "train.epochs=2"])
    #expect(resolved.value.module.latentSize == 7)
    #expect(
      resolved.entries.prefix(3).map(\.origin) == [
        .override, .override, .file(path: "experiments/sample.yaml", line: 3),
      ])
  }

  @Test("read lists, maps, quotes and plain text")
  func values() throws {
    let value = try sample(
      "",
      [
        "hidden=[400, 200]", "optimizer={learningRate: 0.5, schedule: {warmup: 3}}",
        "layers=['a', b]", "dataset=folder:/some place/x#1, y",
      ]
    ).value.module
    #expect(value.hidden == [400, 200])
    #expect(value.optimizer.learningRate == 0.5)
    #expect(value.optimizer.schedule.warmup == 3)
    #expect(value.layers == ["a", "b"])
    #expect(value.dataset == "folder:/some place/x#1, y")
    #expect(try sample("", ["dataset=\"a=b\""]).value.module.dataset == "a=b")
    #expect(try sample("", ["hidden=[]"]).value.module.hidden == [])
  }

  @Test(
    "are refused with a way out",
    arguments: [
      ("latentSize", "an override without '='"),
      ("", "an override without '='"),
      ("=5", "a name is missing"),
      ("optimizer.=5", "a name is missing"),
      (".latentSize=5", "a name is missing"),
      ("a..b=5", "a name is missing"),
      ("latentSize=", "not nothing"),
      ("latentSize= 5", "not ' 5'"),
      ("latentSize=5\n", "cannot be shown"),
      ("latentSize=\u{1B}[2J", "cannot be shown"),
      ("optimizer=5", "a group of keys"),
      ("optimizer.learningRate.x=5", "not a map of keys"),
      ("hidden=[1", "never closed"),
      ("hidden=[1] 2", "line should end"),
      ("hidden=400,400", "write a list as [a, b]"),
      ("dataset='x", "not closed"),
      ("module=gan", "only a file can say it"),
      (String(repeating: "a.", count: 40) + "a=1", "more than 32 levels"),
      ("dataset=" + String(repeating: "x", count: 5000), "at most 4096"),
    ])
  func refuses(text: String, message: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try sample("", [text]) }
    #expect(error.description.contains(message))
    #expect(error.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }

  @Test("are at most 256")
  func count() throws {
    let overrides = Array(repeating: "latentSize=3", count: 257)
    #expect(throws: Never.self) { try sample("", Array(overrides.dropLast())) }
    let error = try #require(throws: ConfigurationError.self) { try sample("", overrides) }
    #expect(error.description.contains("at most 256"))
  }
}
