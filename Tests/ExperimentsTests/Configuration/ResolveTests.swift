import Experiments
import Testing

@Suite("Resolving a configuration")
struct ResolveTests {
  @Test("gives every key its default when nothing is said")
  func defaults() throws {
    let resolved = try sample()
    #expect(resolved.value == SampleRun())
    #expect(resolved.entries.allSatisfy { $0.origin == .standard })
    #expect(resolved.entries.map(\.key).first == "train.epochs")
  }

  @Test("reads a key of every type")
  func everyType() throws {
    let value = try sample(
      """
      latentSize: 20
      hidden: [512, 512]
      scales:
        - 1
        - .5
        - 2.5e-1
      likelihood: gaussian
      binarize: false
      dataset: "012"
      layers: [a, 'b c']
      optimizer:
        learningRate: 1e-4
        momentum: 0
        schedule: { warmup: 100 }
      train:
        epochs: 3
      """
    ).value
    #expect(value.module.latentSize == 20)
    #expect(value.module.hidden == [512, 512])
    #expect(value.module.scales == [1, 0.5, 0.25])
    #expect(value.module.likelihood == .gaussian)
    #expect(value.module.dataset == "012")
    #expect(value.module.layers == ["a", "b c"])
    #expect(value.module.optimizer.learningRate == 1e-4)
    #expect(value.module.optimizer.momentum == 0)
    #expect(value.module.optimizer.schedule == .init(warmup: 100))
    #expect(value.train.epochs == 3)
  }

  @Test("takes a group with nothing in it for its defaults")
  func emptyGroup() throws {
    #expect(try sample("optimizer:\n  # momentum: 0.5\n").value == SampleRun())
  }

  @Test(
    "refuses what a key does not allow",
    arguments: [
      ("latentSize: 0", "'latentSize' must be a whole number in 1...512 (dimensions), not '0'"),
      ("latentSize: 2147483648", "in 1...512 (dimensions), not '2147483648'"),
      ("latentSize: 99999999999999999999", "not '99999999999999999999'"),
      ("latentSize: -1", "not '-1'"),
      ("latentSize: 1e308", "not '1e308'"),
      ("latentSize: 2.0", "not '2.0'"),
      ("latentSize: 012", "not '012'"),
      ("latentSize: 12:30", "not '12:30'"),
      ("latentSize: 0x10", "not '0x10'"),
      ("latentSize: 1_0", "not '1_0'"),
      ("latentSize: ٣", "not '٣'"),
      ("latentSize:", "not nothing"),
      ("latentSize: \"5\"", "not the quoted text '5'\n"),
      ("latentSize: [5]", "not a list of 1"),
      ("latentSize: {a: 5}", "not a map of keys"),
      ("hidden: 400", "'hidden' must be a list of 0...16 values, each a whole number in 1...65536"),
      ("hidden: [400, 0]", "'hidden[1]' must be a whole number in 1...65536 (units), not '0'"),
      ("hidden: [400, [1]]", "'hidden[1]' must be"),
      ("optimizer: {learningRate: 0}", "a number in 1e-07...1, not '0'"),
      ("optimizer: {learningRate: 1e999}", "not '1e999'"),
      ("optimizer: {learningRate: .nan}", "not '.nan'"),
      ("optimizer: {learningRate: inf}", "not 'inf'"),
      ("optimizer: {learningRate: 00.1}", "not '00.1'"),
      ("optimizer: {schedule: {warmup: -1}}", "a whole number in 0... (steps), not '-1'"),
      ("optimizer: adam", "'optimizer' is a group of keys, not 'adam'"),
      ("optimizer: [1]", "'optimizer' is a group of keys, not a list of 1"),
      ("binarize: no", "'binarize' must be true or false, not 'no'"),
      ("binarize: True", "not 'True'"),
      ("binarize: 1", "not '1'"),
      ("dataset: ''", "'dataset' must be a text of 1...64 characters, not the quoted text ''"),
      ("dataset:", "not nothing"),
      ("dataset: [a]", "not a list of 1"),
      ("likelihood: gausian", "must be one of bernoulli, gaussian, logistic, not 'gausian'"),
      ("likelihood: Gaussian", "did you mean 'gaussian'?"),
      ("latentSize: '5'", "remove the quotes"),
      ("hidden: 400", "write a list as [a, b]"),
      ("optimizer.momentum: 0", "write 'momentum:' beneath 'optimizer:'"),
      ("epochs: 5", "did you mean 'train.epochs'?"),
      ("learning_rate: 1", "unknown key 'learning_rate'"),
      ("sumary: x", "did you mean 'summary'?"),
      ("optimizer: {colour: 1}", "the keys here are learningRate, momentum, schedule"),
    ])
  func refuses(text: String, message: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try sample(text) }
    #expect((error.description + "\n").contains(message))
    #expect(error.diagnostics.count == 1)
    #expect(error.diagnostics.first?.place?.line == 2)
  }

  @Test("refuses huge values without spending memory on them")
  func huge() throws {
    let numbers = Array(repeating: "1", count: 9_000).joined(separator: ",")
    let error = try #require(throws: ConfigurationError.self) { try sample("hidden: [\(numbers)]") }
    #expect(error.description.contains("a list of 0...16 values"))
    #expect(error.description.contains("not a list of 9000"))
  }

  @Test("reports every problem at once, as a compiler does")
  func everything() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try sample(
        "latentSize: 0\noptimizer:\n  learningRat: 1e-3", ["train.epochs=many", "hiden=[]"])
    }
    #expect(
      error.description == """
        error: 'latentSize' must be a whole number in 1...512 (dimensions), not '0'
          --> experiments/sample.yaml:2:13
        2 | latentSize: 0
          |             ^

        error: unknown key 'optimizer.learningRat'
          --> experiments/sample.yaml:4:3
        4 |   learningRat: 1e-3
          |   ^^^^^^^^^^^
          help: did you mean 'optimizer.learningRate'?

        error: 'train.epochs' must be a whole number in 1...100000 (epochs), not 'many'
          --> override
         | train.epochs=many
         |              ^^^^

        error: unknown key 'hiden'
          --> override
         | hiden=[]
         | ^^^^^
          help: did you mean 'hidden'?
        """)
  }

  @Test("describes the first twenty problems and counts the rest")
  func many() throws {
    let keys = (0..<9_000).map { "key\($0): 1" }.joined(separator: "\n")
    let error = try #require(throws: ConfigurationError.self) { try sample(keys) }
    #expect(error.diagnostics.count == 20)
    #expect(error.omitted == 8_980)
    #expect(error.description.hasSuffix("error: and 8980 more"))
  }

  @Test("shows the surroundings of a place in a long line")
  func longLine() throws {
    let padding = String(repeating: " ", count: 3000)
    let error = try #require(throws: ConfigurationError.self) {
      try sample("latentSize: \(padding)0 #\(padding)")
    }
    let lines = error.description.split(separator: "\n")
    let caret = try #require(lines[3].firstIndex(of: "^"))
    let column = lines[3].distance(from: lines[3].startIndex, to: caret)
    #expect(lines.allSatisfy { $0.count < 120 })
    #expect(lines[2].dropFirst(column).first == "0")
  }

  @Test("checks the rules between keys, nested ones too, where they were set")
  func rules() throws {
    let text = """
      likelihood: gaussian
      binarize: true
      optimizer:
        schedule: { warmup: 9, decay: 3 }
      """
    let error = try #require(throws: ConfigurationError.self) { try sample(text) }
    #expect(
      error.diagnostics.map(\.message) == [
        "'binarize' must be false when 'likelihood' is gaussian",
        "'optimizer.schedule.decay' must not end before 'warmup'",
      ])
    #expect(error.diagnostics.map { $0.place?.line } == [3, 5])
    #expect(throws: Never.self) {
      try sample(text, ["binarize=false", "optimizer.schedule.decay=9"])
    }
  }

  @Test("suggests the right key for every key misspelt once", arguments: SampleRun.schemaRows)
  func misspelt(row: SchemaRow) throws {
    let components = row.key.split(separator: ".")
    for (level, component) in components.enumerated() {
      for place in 1..<component.count - 1 {
        var swapped = Array(component)
        swapped.swapAt(place, place - 1)
        var removed = Array(component)
        removed.remove(at: place)
        var replaced = Array(component)
        replaced[place] = "q"
        for letters in [swapped, removed, replaced] where letters != Array(component) {
          var path = components
          path[level] = Substring(String(letters))
          let right = components[...level].joined(separator: ".")
          let error = try #require(throws: ConfigurationError.self) {
            try sample("", [path.joined(separator: ".") + "=\(row.standard)"])
          }
          #expect(error.diagnostics.map(\.help) == ["did you mean '\(right)'?"])
        }
      }
    }
  }
}
