import FileFormats
import Testing

@Suite struct CommandTests {
  /// A wrong use, the exit code it has, and what the first line on standard error says.
  static let wrongUses: [(arguments: [String], status: Int32, says: String)] = [
    (["rn"], 64, "There is no command 'rn'. Did you mean 'run'?"),
    (["data", "lst"], 64, "There is no command 'lst'. Did you mean 'list'?"),
    (["help", "rn"], 64, "There is no command 'rn'. Did you mean 'run'?"),
    (["latent", "vae-001", "grid"], 64, "The command goes first: 'grid vae-001'."),
    (["sample", "vae-001", "--count", "0"], 64, "See 'atelier sample --help'."),
    (["latent", "grid", "vae-001", "--side", "65"], 64, "See 'atelier latent grid --help'."),
    (["frobnicate"], 64, "There is no command 'frobnicate'. The commands are list,"),
    (["\u{1B}[2J"], 64, "\\u{1B}[2J"),
    (["list", "--jso"], 64, "Did you mean '--json'?"),
    (["run"], 64, "Missing expected argument '<experiment>'"),
    (["run", "vae", "--threads", "0"], 64, "--threads 0 is not in 1...1024"),
    (["run", "vae", "--threads", "-9223372036854775809"], 64, "threads"),
    (["run", "vae", "--seed", "one"], 64, "'one'"),
    (["resume", "a", "b"], 64, "One run at a time"),
    (["lr-range", "vae", "--from", "1", "--to", "1"], 64, "--from must be less than --to."),
    (["lr-range", "vae", "--from", "nan"], 64, "--from nan is not in 1e-20...1e20."),
    (["lr-range", "vae", "--steps", "9"], 64, "--steps"),
    (["lr-range", "vae"], 66, "/nonexistent/experiments"),
    (["list"], 66, "/nonexistent/experiments"),
    (["run", "vae"], 66, "/nonexistent/experiments"),
    (["run", "../vae"], 66, "../vae"),
    (["run", "no/such/file.yaml"], 66, "no/such/file.yaml"),
    (["describe", "/"], 65, "a run cannot be named after this file"),
    (["resume", "--out", "/nonexistent"], 66, "there is no unfinished run in /nonexistent"),
    (["show", "vae-001", "--out", "/nonexistent"], 66, "there is no run 'vae-001'"),
    (["resume", "../../etc", "--out", "/nonexistent"], 66, "there is no run '../../etc'"),
    (["compare", "vae-001"], 64, "Between 2 and 10 runs, not 1."),
    (["compare", "vae-001", "vae-002", "--out", "/nonexistent"], 66, "there is no run 'vae-001'"),
    (["export", "vae-001"], 64, "--to"),
    (["export", "vae-001", "--to", "tensorbord"], 64, "'tensorboard', 'csv', 'npz'"),
    (["export", "vae-001", "--to", "csv", "--out", "/nonexistent"], 66, "no run 'vae-001'"),
    (["report", "vae-001", "--out", "/nonexistent"], 66, "there is no run 'vae-001'"),
    (["watch", "vae-001", "--out", "/nonexistent"], 66, "there is no run 'vae-001'"),
    (["remove", "vae-001", "--yes", "--out", "/nonexistent"], 66, "there is no run 'vae-001'"),
    (["remove", "..", "--yes"], 64, "Name the run or its folder, not '..'."),
    (["data", "verify", "sprits"], 66, "did you mean 'sprites'?"),
    (["bench", "vae_mpl"], 64, "Did you mean 'vae_mlp'?"),
    (["bench", "--threads", "0"], 64, "--threads 0 is not in 1...1024"),
    (["bench", "--steps", "3"], 64, "--steps takes one workload"),
    (["bench", "ops", "--steps", "3"], 64, "--steps takes one workload"),
    (["bench", "vae_mlp", "--steps", "1", "--data", "/nonexistent"], 66, "/nonexistent/train-"),
    (["data", "verify", "mnist", "--data", "/nonexistent"], 66, "/nonexistent"),
  ]

  @Test(arguments: [
    (shell: "> /dev/full", status: Int32(74), says: "error: standard output: cannot write: No sp"),
    (shell: ">&-", status: 74, says: "error: standard output: cannot write: Bad file"),
    (shell: "2>&-", status: 0, says: ""),
  ])
  func resultsThatAreLostAreAnError(shell: String, status: Int32, says: String) throws {
    for arguments in [["data", "list"], ["--version"], ["run", "--help"]] {
      let outcome = try Program.run(arguments, shell: shell)
      #expect(outcome.status == status)
      #expect(outcome.errors.hasPrefix(says))
      #expect(outcome.errors.isEmpty == says.isEmpty)
    }
  }

  @Test(arguments: wrongUses)
  func aWrongUseIsAnsweredByALineAndACode(arguments: [String], status: Int32, says: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1)
    let line = lines.first ?? ""
    #expect(line.hasPrefix("error: "))
    #expect(line.contains(says), "\(line)")
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("module: vea\n", "unknown module 'vea'"), ("latentSize: 2\n", "the file names no module"),
    ("module: [\n", "bad.yaml:"), ("module: vae\nmodule: vae\n", "bad.yaml:2"),
    ("\u{0}", "bad.yaml:1"),
  ])
  func aWrongExperimentFileIsAConfigurationError(text: String, says: String) throws {
    let folder = TemporaryFolder()
    let file = try folder.write(text, to: "bad.yaml")
    for arguments in [["run", file, "--out", folder.path], ["describe", file]] {
      let outcome = try Program.run(arguments)
      #expect(outcome.status == 78)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
    #expect(try Files.names(in: folder.path) == ["bad.yaml"])
  }

  @Test func aBadFileDoesNotHideTheOtherExperiments() throws {
    let home = TemporaryFolder()
    _ = try home.write("module: vae\nsummary: Good.\n", to: "experiments/good.yaml")
    _ = try home.write("module: [\n", to: "experiments/bad.yaml")
    _ = try home.write("module: vae\n", to: "experiments/not an experiment.yaml")
    let outcome = try Program.run(["list"], home: home.path)
    #expect(outcome.status == 78)
    #expect(outcome.output == "NAME\tMODULE\tSUMMARY\ngood\tvae\tGood.\n")
    #expect(outcome.errors.contains("bad.yaml"))
    let near = try Program.run(["run", "goood"], home: home.path)
    #expect(near.status == 66)
    #expect(near.errors.contains("there is no experiment 'goood'; did you mean 'good'?"))
  }

  @Test(arguments: [
    ["list"], ["runs", "--out", "/nonexistent"], ["data", "list"], ["data", "verify", "sprites"],
    ["doctor"],
  ])
  func whatListsOrMeasuresPrintsJSON(arguments: [String]) throws {
    let home = TemporaryFolder()
    _ = try home.write("module: vae\n", to: "experiments/good.yaml")
    let outcome = try Program.run(arguments + ["--json"], home: home.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    #expect(json.elements != nil || json.members != nil)
  }

  @Test func damagedRunsAreRefusedAndOthersListed() throws {
    let outputs = TemporaryFolder()
    _ = try outputs.write("{}", to: "vae-001/run.json")
    _ = try outputs.write("text", to: "notes.txt")
    let outcome = try Program.run(["show", "vae-001", "--out", outputs.path])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("vae-001/run.json: expected the record of a run"))
    let list = try Program.run(["runs", "--out", outputs.path])
    #expect(list.status == 0)
    #expect(list.output.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    "list", "describe", "run", "resume", "runs", "show", "compare", "watch", "report", "export",
    "remove", "sample", "evaluate", "latent", "latent grid",
    "latent interpolate", "latent reconstruct", "latent map", "latent traverse", "latent attribute",
    "latent analogy", "latent neighbours", "data", "data list", "data verify",
    "doctor",
  ])
  func everyCommandExplainsItselfByExamples(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let outcome = try Program.run(words + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: atelier \(command)"))
    #expect(outcome.output.contains("  atelier \(command)"))
  }

  @Test func theFlagWinsOverTheEnvironmentsDataFolder() throws {
    let folder = TemporaryFolder()
    let environment = ["ATELIER_DATA": folder.path + "/environment"]
    let verify = ["data", "verify", "mnist"]
    let named = try Program.run(verify, environment: environment)
    #expect(named.errors.contains(folder.path + "/environment"))
    let both = try Program.run(
      verify + ["--data", folder.path + "/flag"], environment: environment)
    #expect(both.errors.contains(folder.path + "/flag"))
  }
}
