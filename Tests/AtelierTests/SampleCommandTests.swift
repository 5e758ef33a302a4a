import FileFormats
import Testing

/// `atelier sample` of runs that write text, from outside.
@Suite struct SampleCommandTests {
  private let folder = TemporaryFolder()

  /// A run of four steps on a text of its own.
  private func run(_ arguments: [String] = []) throws -> Program.Outcome {
    let text = try folder.write(
      String(repeating: "all work and no play makes jack a dull boy\n", count: 30), to: "jack.txt")
    let file = try folder.write("module: text\ntext:\n  file: \(text)\n", to: "jack.yaml")
    return try Program.run(
      ["run", file, "--smoke", "-q", "--out", folder.path + "/out"] + arguments)
  }

  private func sample(_ arguments: [String], shell: String = "") throws -> Program.Outcome {
    try Program.run(
      ["sample", "jack-001", "--out", folder.path + "/out"] + arguments, shell: shell)
  }

  @Test func textGoesToStandardOutput() throws {
    #expect(try run().status == 0)
    let outcome = try sample(["--prompt", "all work", "--count", "40", "--temperature", "0.5"])
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.hasPrefix("all work") && outcome.output.hasSuffix("\n"))
    #expect(outcome.output.unicodeScalars.count == 8 + 40 + 1)
    let same = ["--prompt", "all work", "--count", "40", "--temperature", "0.5", "--json"]
    let json = try JSON.decode(Array(try sample(same).output.utf8), path: "output")
    #expect(json["prompt"]?.stringValue == "all work")
    #expect("all work" + (json["text"]?.stringValue ?? "") + "\n" == outcome.output)
    #expect(json["count"]?.integerValue == 40 && json["seed"]?.stringValue == "1")
    #expect(try sample(["--greedy"]).output == sample(["--greedy", "--seed", "7"]).output)
    #expect(try sample([]).output.unicodeScalars.count == 501)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(try run().status == 0)
    for (arguments, status, message) in [
      (["--columns", "3"], 64, "--columns is for runs that make images."),
      (["-o", "x.png"], 64, "--output is for runs that make images; text goes to standard output"),
      (["--temperature", "0"], 64, "--temperature 0.0 is not in 0.01...100."),
      (["--temperature", "nan"], 64, "--temperature nan is not in 0.01...100."),
      (["--top-k", "0"], 64, "--top-k 0 is not in 1...1000000."),
      (["--greedy", "--top-k", "3"], 64, "--greedy leaves nothing to --temperature and --top-k."),
      (["--count", "0"], 64, "--count 0 is not in 1...1000000."),
      (["--prompt", "Zebra"], 78, "character 1 of the prompt, U+5A, is not in the text"),
    ] as [([String], Int32, String)] {
      let outcome = try sample(arguments)
      #expect(outcome.status == status, "\(arguments)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
  }

  @Test func optionsOfTextAreRefusedForImages() throws {
    let file = try folder.write("module: vae\ndataset: sprites\nhidden: [8]\n", to: "jack.yaml")
    let out = folder.path + "/out"
    #expect(try Program.run(["run", file, "--smoke", "-q", "--out", out]).status == 0)
    for option in [["--prompt", "x"], ["--temperature", "1"], ["--top-k", "3"], ["--greedy"]] {
      let outcome = try sample(option)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("\(option[0]) is for runs that write text."))
    }
    #expect(try sample(["--count", "5000"]).errors.contains("--count 5000 is not in 1...4096."))
  }

  @Test func badTextsAreOneLine() throws {
    let file = try folder.write("module: text\n", to: "text.yaml")
    for (name, content, status, message) in [
      ("missing.txt", nil, 66, "missing.txt: "), ("empty.txt", "", 65, "the file is empty"),
      ("short.txt", "short", 78, "has 5 characters"),
    ] as [(String, String?, Int32, String)] {
      let path = try content.map { try folder.write($0, to: name) } ?? folder.path + "/" + name
      let outcome = try Program.run(
        ["run", file, "--smoke", "text.file=\(path)", "--out", folder.path + "/out"])
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(message))
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }
}
