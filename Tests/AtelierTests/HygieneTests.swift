import FileFormats
import Testing

/// What surrounds the commands: the manual page, completions, advice, how much is said.
@Suite struct HygieneTests {
  /// The root of the repository.
  private static let root = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))

  @Test func theManualPageIsUpToDate() throws {
    let page = try Files.read(Self.root + "/docs/atelier.1")
    let outcome = try Program.run(["manual"])
    #expect(
      outcome.output == String(decoding: page, as: UTF8.self),
      "renew it with './atelier manual > docs/atelier.1'")
  }

  /// Every key of every module has its row, with its default and what is allowed.
  @Test func theKeysAreDocumented() throws {
    let document = String(
      decoding: try Files.read(Self.root + "/docs/command-line.md"), as: UTF8.self)
    let rows = Set(document.split(separator: "\n"))
    for file in try Files.names(in: Self.root + "/experiments") where file.hasSuffix(".yaml") {
      let outcome = try Program.run(
        ["config", String(file.dropLast(5)), "--schema"], home: Self.root)
      #expect(outcome.status == 0)
      for line in outcome.output.split(separator: "\n").dropFirst() {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        try #require(cells.count == 7)
        let unit = cells[3] == "-" ? "" : " \(cells[3])"
        let row = "| `\(cells[0])` | \(cells[4]) | \(cells[2])\(unit) | \(cells[6]) |"
        #expect(rows.contains(row[...]), "docs/command-line.md lacks the row \(row)")
      }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyShellHasAScript(shell: String) throws {
    let outcome = try Program.run(["completions", shell])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("---completion"))
    #expect(!outcome.output.contains("manual"))
  }

  /// A shell that put a space behind `key=` would part the key from its value.
  @Test func aKeyIsCompletedUpToItsValue() throws {
    let bash = try Program.run(["completions", "bash"]).output
    #expect(bash.hasSuffix("complete -o filenames -o default -F _atelier_keys atelier\n"))
    let zsh = try Program.run(["completions", "zsh"]).output
    #expect(zsh.contains("non_empty_completions \"${suffix[@]}\" --"))
  }

  @Test func namesAreCompletedAsTheyAre() throws {
    let folder = TemporaryFolder()
    _ = try folder.write("module: vae\nsummary: Small.\n", to: "experiments/small.yaml")
    func complete(_ words: [String], _ argument: String) throws -> [Substring] {
      let outcome = try Program.run(
        ["---completion", words[0], "--", argument, "\(words.count)", "0"] + words,
        home: folder.path)
      #expect(outcome.errors.isEmpty)
      return outcome.output.split(separator: "\n")
    }
    #expect(try complete(["run"], "positional@0") == ["small"])
    #expect(try complete(["run", "small"], "positional@1").contains("latentSize="))
    #expect(try complete(["run", "none"], "positional@1").isEmpty)
    #expect(try complete(["gradcheck"], "positional@0").contains("matmul"))
    #expect(try complete(["bench"], "positional@0").contains("vae_mlp"))
    let file = try folder.write(
      "module: vae\ndataset: sprites\nhidden: [8]\nlatentSize: 3\n", to: "mine.yaml")
    let runs = folder.path + "/runs"
    #expect(try Program.run(["run", file, "--smoke", "-q", "--out", runs]).status == 0)
    #expect(try complete(["resume", "--out", runs], "positional@0") == ["mine-001"])
    let resumable = try complete(["resume", "--out", runs, "mine-001"], "positional@0")
    #expect(resumable.contains("train.epochs=") && !resumable.contains("latentSize="))
    let keys = try complete(["config", "--out", runs, "mine-001"], "positional@1")
    #expect(keys.contains("latentSize="))
  }

  @Test func theDoctorTellsVersionsAndGivesAdvice() throws {
    let outcome = try Program.run(["doctor", "--json"])
    let json = try JSON.decode(Array(outcome.output.utf8), path: "doctor")
    #expect(json["components"]?["zlib"]?.stringValue?.hasPrefix("1.") == true)
    #expect(json["room"]?["diskBytes"]?.integerValue != nil)
    let advice = json["advice"]?.elements?.compactMap(\.stringValue) ?? []
    #expect(advice.contains { $0.contains("ATELIER_HOME") })
    let home = try Program.run(["doctor", "--json"], home: Self.root)
    let better = try JSON.decode(Array(home.output.utf8), path: "doctor")
    #expect((better["advice"]?.elements?.count ?? 9) == advice.count - 1)
  }

  @Test func quietSaysNothingAndVerboseMore() throws {
    let folder = TemporaryFolder()
    let file = try folder.write("module: vae\ndataset: sprites\nhidden: [8]\n", to: "small.yaml")
    let arguments = ["run", file, "--smoke", "--out", folder.path + "/out"]
    let quiet = try Program.run(arguments + ["--quiet"])
    #expect(quiet.status == 0)
    #expect(quiet.errors.isEmpty)
    #expect(!quiet.output.isEmpty)
    let log = try Files.read(folder.path + "/out/small-001/log.txt")
    #expect(String(decoding: log, as: UTF8.self).contains("OpenBLAS"))
    let verbose = try Program.run(arguments + ["--verbose"])
    #expect(verbose.errors.contains("OpenBLAS"))
    #expect(try !Program.run(arguments).errors.contains("OpenBLAS"))
  }
}
