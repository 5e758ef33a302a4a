import Experiments
import FileFormats
import NeuralNetworks
import SequenceModels
import Testing

@Suite struct LanguageModelTests {
  private let folder = TextFolder()
  private let sentence = "the quick brown fox jumps over the lazy dog.\n"

  private func model(
    threads: Int = 1, seed: UInt64 = 1, _ change: (inout TextConfiguration) -> Void = { _ in }
  ) throws -> LanguageModel {
    var configuration = TextConfiguration()
    configuration.text.file = try folder.write(
      Array(String(repeating: sentence, count: 40).utf8), to: "fox.txt")
    configuration.batchSize = 4
    configuration.length = 12
    configuration.embeddingSize = 8
    configuration.hidden = [16, 12]
    configuration.dropout = 0.1
    configuration.recurrentDropout = 0.1
    configuration.optimizer.learningRate = 2e-2
    change(&configuration)
    return try LanguageModel(configuration, in: RunContext(seed: seed, threads: threads))
  }

  private func text(_ model: inout LanguageModel, _ request: TextRequest) throws -> String {
    var text = ""
    try model.sample(request) { text += $0 }
    return text
  }

  @Test func itsKeysAreWellDeclared() {
    #expect(configurationFaults(of: TextConfiguration.self).isEmpty)
  }

  /// The guess of a beginner is even: log of the number of characters. A text that repeats itself is
  /// foretold by one who remembers.
  @Test func itLearnsATextByHeart() throws {
    var model = try model(threads: 2) {
      $0.dropout = 0
      $0.recurrentDropout = 0
      $0.averageDecay = 0.9
    }
    let before = try #require(try model.evaluate()["loss"])
    #expect((before - 3.4).magnitude < 0.3)
    for step in 0..<500 { #expect(try model.step(step).firstNonFinite == nil) }
    let after = try model.evaluate()
    #expect(try #require(after["loss"]) < 0.15)
    #expect(try #require(after["accuracy"]) > 0.95)
    let request = TextRequest(prompt: "the quick", count: 80, choice: .greedy, seed: 1)
    #expect(try text(&model, request).hasPrefix(" brown fox jumps over the lazy dog.\nthe quick"))
  }

  @Test func itGoesOnWithTheSameBytesOnAnyNumberOfThreads() throws {
    var whole = try model()
    #expect(whole.stepsPerEpoch == 33)
    let steps = whole.stepsPerEpoch + 3
    let metrics = try (0..<steps).map { try whole.step($0) }
    var first = try model(threads: 2)
    for step in 0..<5 { _ = try first.step(step) }
    _ = try first.evaluate()
    try first.export(to: Exports(folder: folder.path + "/exports", epoch: 1))
    _ = first.describe()
    let file = SafeTensors.encode(first.state())
    var resumed = try model()
    try resumed.restore(SafeTensors.decode(file, path: "step-5.safetensors").records)
    #expect(try (5..<steps).map { try resumed.step($0) } == Array(metrics[5...]))
    #expect(resumed.state() == whole.state())
    #expect(try resumed.evaluate() == whole.evaluate())
    let samples = try Files.read(folder.path + "/exports/samples.txt")
    #expect(String(decoding: samples, as: UTF8.self).hasPrefix("temperature 0.5\n\n"))
  }

  @Test func otherSeedsReadAndDrawOtherwise() throws {
    var (one, other) = (try model(), try model(seed: 2))
    #expect(try one.step(0) != other.step(0))
  }

  @Test func samplingIsARuleOfTheRequest() throws {
    var model = try model()
    for step in 0..<60 { _ = try model.step(step) }
    let state = model.state()
    func sample(_ choice: TextRequest.Choice, seed: UInt64 = 1) throws -> String {
      try text(&model, TextRequest(prompt: "fox ", count: 120, choice: choice, seed: seed))
    }
    let drawn = try sample(.random(temperature: 1))
    #expect(drawn.unicodeScalars.count == 120)
    #expect(Set(drawn).isSubset(of: Set(sentence)))
    #expect(try sample(.random(temperature: 1)) == drawn)
    #expect(try sample(.random(temperature: 1), seed: 2) != drawn)
    // The likeliest, said in three ways; whatever the seed.
    let likeliest = try sample(.greedy)
    #expect(try sample(.greedy, seed: 2) == likeliest)
    #expect(try sample(.random(temperature: 3, top: 1), seed: 2) == likeliest)
    #expect(try sample(.random(temperature: 0.01)) == likeliest)
    // More than there are is all.
    #expect(try sample(.random(temperature: 1, top: 1000)) == drawn)
    #expect(try sample(.random(temperature: 50, top: 2)) != drawn)
    #expect(model.state() == state)
  }

  @Test func aPromptOfUnknownCharactersIsRefused() throws {
    var model = try model()
    let request = TextRequest(prompt: "fox é", count: 3, choice: .greedy, seed: 1)
    let error = #expect(throws: RunError.self) { try text(&model, request) }
    #expect(
      error?.description
        == "character 5 of the prompt, U+E9, is not in the text that the run learnt from; leave it "
        + "out")
  }

  /// Passages that the held-out text has too are cut out of other texts, however lines are broken.
  @Test func heldOutPassagesAreNotLearnt() throws {
    let secret = "Zebras vex quiet judges who know 12 of them by name, as everybody does."
    let kept = "Nothing of this is in the other text at all, and so it stays.\n"
    let file = try folder.write(
      Array((String(repeating: sentence, count: 40) + secret).utf8), to: "text.txt")
    let other = try folder.write(
      Array((kept + secret.replacing(" ", with: " \n  ") + "\n" + kept).utf8), to: "other.txt")
    var configuration = TextConfiguration()
    configuration.text.file = file
    configuration.text.others = [other]
    configuration.text.heldOut = 0.05
    configuration.hidden = [4]
    let notes = Notes()
    let model = try LanguageModel(
      configuration, in: RunContext(seed: 1, note: { notes.append($0) }))
    #expect(notes.lines.count == 1)
    #expect(notes.lines.first?.contains("characters of text.others are cut out") == true)
    // A digit of the secret is nowhere else, so that the model has never seen it.
    var reader = model
    #expect(throws: RunError.self) {
      try text(&reader, TextRequest(prompt: "12", count: 1, choice: .greedy, seed: 1))
    }
    #expect(
      try text(&reader, TextRequest(prompt: "Noth", count: 1, choice: .greedy, seed: 1)) != "")
    #expect(model.describe().sources.map(\.name) == [file, other])
  }

  struct BadText: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]?
    let message: String
  }

  @Test(arguments: [
    BadText(
      description: "missing", bytes: nil, message: "/text: cannot read: No such file or directory"),
    BadText(
      description: "empty", bytes: [],
      message: "/text: the file is empty; name a file of text in text.file"),
    BadText(
      description: "cut in a character", bytes: Array("abc".utf8) + [0xC3],
      message: "/text, byte 3: not UTF-8; convert the text, as in 'iconv -t UTF-8'"),
    BadText(
      description: "Latin-1", bytes: Array("né".utf8) + [0xE9, 0x20, 0x61],
      message: "/text, byte 3: not UTF-8; convert the text, as in 'iconv -t UTF-8'"),
    BadText(
      description: "too short", bytes: Array("fourteen chars".utf8),
      message:
        "/text has 14 characters: without the held-out end too few for a window of 64 and the "
        + "character after it; choose a smaller length, or a longer text"),
  ])
  func badTextsAreRefusedInOneLine(text: BadText) throws {
    var configuration = TextConfiguration()
    configuration.text.file = folder.path + "/text"
    if let bytes = text.bytes { _ = try folder.write(bytes, to: "text") }
    let error = #expect(throws: (any Error).self) {
      try LanguageModel(configuration, in: RunContext(seed: 1))
    }
    #expect(error.map { "\($0)" }?.contains(text.message) == true, "\(String(describing: error))")
  }

  @Test func itDescribesItsLayersAndTexts() throws {
    let description = try model().describe()
    // 27 characters of the sentence, the line's end, the full stop and blank among them, and others.
    #expect(
      description.layers.map { "\($0.path) \($0.kind) \($0.outputShape) \($0.parameters)" } == [
        "embedding Embedding [4, 8] \(30 * 8)",
        "lstm.0 LSTM [4, 16] \(64 * (8 + 16 + 2))",
        "lstm.1 LSTM [4, 12] \(48 * (16 + 12 + 2))", "output Dense [4, 30] \(30 * 13)",
      ])
    #expect(description.programs.map(\.name) == ["training step", "evaluation", "sampling"])
    let names = try model().state().map(\.name)
    #expect(names.contains("text.lstm.0.weight_ih_l0") && names.contains("memory.1.cell"))
  }
}
