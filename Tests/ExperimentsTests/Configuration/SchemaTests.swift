import Experiments
import Testing

@Suite("Schema and printing")
struct SchemaTests {
  @Test("lists every key with what it allows")
  func rows() {
    let rows = SampleRun.schemaRows
    #expect(
      rows.map(\.key) == [
        "train.epochs", "latentSize", "hidden", "scales", "likelihood", "binarize", "dataset",
        "layers", "optimizer.learningRate", "optimizer.momentum", "optimizer.schedule.warmup",
        "optimizer.schedule.decay",
      ])
    #expect(
      rows.map(\.allowed) == [
        "1...100000", "1...512", "0...16 of 1...65536", "0...4 of 0...1",
        "bernoulli, gaussian, logistic", "true, false", "1...64 characters",
        "0...8 of 1...1024 characters", "1e-07...1", "0...1", "0...", "0...",
      ])
    #expect(
      rows[1]
        == SampleConfiguration.schemaRows[0])
    #expect(rows[1].type == "integer")
    #expect(rows[1].unit == "dimensions")
    #expect(rows[1].standard == "2")
    #expect(rows[1].documentation == "Size of the space.")
    #expect(rows[2].type == "list of integer")
    #expect(rows[2].standard == "[400]")
  }

  @Test("prints a resolved configuration with its origins")
  func yaml() throws {
    let text = try sample("summary: A \"sample\"\nlatentSize: 3", ["optimizer.momentum=0.5"]).yaml
    #expect(
      text == #"""
        module: sample
        summary: "A \"sample\""

        train:
          epochs: 10  # default
        latentSize: 3  # experiments/sample.yaml:3
        hidden: [400]  # default
        scales: [1.0, 0.5]  # default
        likelihood: bernoulli  # default
        binarize: false  # default
        dataset: fashion-mnist  # default
        layers: [relu1_1]  # default
        optimizer:
          learningRate: 0.001  # default
          momentum: 0.5  # override
          schedule:
            warmup: 0  # default
            decay: 0  # default

        """#)
  }

  @Test(
    "reads back what it printed",
    arguments: [
      [], ["optimizer.learningRate=1e-7", "optimizer.momentum=0.1234567890123456789"],
      ["optimizer.schedule.warmup=9223372036854775807", "hidden=[]", "scales=[0.3, 1e-300]"],
      ["dataset=true"], ["dataset=012"], ["dataset=a # b"], ["dataset=- x"], ["dataset=\"\\n\\t\""],
      ["dataset=it's \"so\" \\ here"], ["dataset=é漢😀"],
      ["dataset=[]".replacing("[]", with: "\"[]\"")],
      ["layers=['a, b', \"c: d\", 'null', '~', ' e ']"],
    ])
  func roundTrip(overrides: [String]) throws {
    let first = try sample("", overrides)
    let second = try resolve(SampleRun.self, file: experiment(first.yaml))
    #expect(second.value == first.value)
    #expect(second.entries.map(\.value) == first.entries.map(\.value))
    #expect(second.entries.allSatisfy { $0.origin != .standard })
  }

  @Test("names the keys in which configurations differ")
  func differences() throws {
    let old = try sample("train: {epochs: 10}").value
    let new = try sample("", ["train.epochs=20", "hidden=[1, 2]"]).value
    #expect(
      new.differences(from: old).map(\.description) == [
        "train.epochs: 10 -> 20", "hidden: [400] -> [1, 2]",
      ])
    #expect(old.differences(from: old).isEmpty)
  }

  @Test("finds nothing to object to in a good declaration")
  func goodDeclarations() {
    #expect(configurationFaults(of: SampleRun.self) == [])
    #expect(configurationFaults(of: SampleConfiguration.self) == [])
  }

  @Test("finds what a declaration does wrong")
  func badDeclarations() {
    let faults = configurationFaults(of: FaultyConfiguration.self)
    let expected = [
      "'size' appears twice", "'summary' appears twice or is reserved", "By default, 'size' is odd",
      "'amount' is not the name of a stored property", "The property 'forgotten' is not declared",
      "The default of 'size', 0, is not in its range", "'amount' is not documented by a sentence",
      "The property 'nested.alsoForgotten' is not declared",
    ]
    for fault in expected {
      #expect(faults.contains { $0.hasPrefix(fault) }, "\(fault)")
    }
    #expect(faults.count == expected.count)
  }
}

private struct FaultyConfiguration: ExperimentConfiguration {
  struct Nested: ExperimentConfiguration {
    var alsoForgotten = 1
    static var keys: [ConfigurationKey<Self>] { [] }
  }

  var size = 0
  var forgotten = 0
  var summary = ""
  var nested = Nested()

  static var keys: [ConfigurationKey<Self>] {
    [
      .integer("size", \.size, in: 1...9, "A size."),
      .integer("size", \.size, in: 0...9, "A size."),
      .integer("amount", \.size, in: 0...9, "no sentence"),
      .text("summary", \.summary, "A summary."),
      .group("nested", \.nested, "A group."),
    ]
  }

  var problems: [ConfigurationProblem] { [.init("size", "is odd")] }
}
