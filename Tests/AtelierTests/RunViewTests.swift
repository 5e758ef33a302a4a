import FileFormats
import Testing

/// The commands that look at runs, on folders that were written by hand.
@Suite struct RunViewTests {
  private let outputs = TemporaryFolder()

  /// Writes a run of two measured steps.
  @discardableResult
  private func write(
    _ name: String, status: String = "finished", rate: Double = 0.1, module: String = "vae"
  ) throws -> String {
    let record = """
      {"run":"\(name)","status":"\(status)","problem":null,"experiment":"small",
       "module":"\(module)","seed":1,"step":2,"steps":4,"epochs":1,"evaluation":{"loss":2.5},
       "parameters":3,"started":"","startedSeconds":1700000000,"updated":"",
       "updatedSeconds":1700000060,"seconds":60.0,"sessions":1,"threads":2,"dataFolder":null,
       "sources":[],"components":{},
       "machine":{"processor":"x","cores":2,"memoryBytes":1024,"system":"y"}}
      """
    let metrics = """
      {"kind":"train","step":1,"epoch":1,"loss":4.0}
      {"kind":"train","step":2,"epoch":1,"loss":3.0}
      {"kind":"evaluation","step":2,"epoch":1,"loss":2.5}

      """
    _ = try outputs.write(record, to: name + "/run.json")
    _ = try outputs.write(metrics, to: name + "/metrics.jsonl")
    return try outputs.write(
      "module: \(module)\n\nlearningRate: \(rate)  # override\nsize: 2  # default\n",
      to: name + "/config.yaml")
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(arguments + ["--out", outputs.path])
  }

  @Test func runsTellsProgressCourseAndAge() throws {
    try write("small-001")
    try write("small-002", status: "running")
    let lines = try run("runs").output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines[0] == ["RUN", "STATUS", "DONE", "STEPS", "MEASURE", "COURSE", "TIME", "AGE"])
    #expect(
      lines[1].prefix(7) == ["small-001", "finished", "50%", "4", "loss 3.000", "█▁", "1m 00s"])
    // Nobody holds its lock.
    #expect(lines[2][1] == "killed")
  }

  @Test func showTellsWhatWasSetAndMeasured() throws {
    try write("small-001")
    let outcome = try run("show", "small-001")
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("learningRate\t0.1\toverride\n"))
    #expect(!outcome.output.contains("size\t2"))
    #expect(outcome.output.contains("loss\t4.000\t3.000\t3.000\t2\t█▁\n"))
    let json = try JSON.decode(Array(try run("show", "small-001", "--json").output.utf8), path: "")
    #expect(json["keys"]?[1]?["value"]?.stringValue == "2")
    #expect(json["metrics"]?.elements?.count == 3)
  }

  @Test func compareTellsDifferencesAndWritesCurves() throws {
    try write("small-001")
    try write("small-002", rate: 0.2)
    let file = outputs.path + "/curves.svg"
    let outcome = try run("compare", "small-001", "small-002", "-o", file)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("KEY\tsmall-001\tsmall-002\nlearningRate\t0.1\t0.2\n"))
    #expect(outcome.output.contains("test loss\tfinal\t2.500\t2.500\n"))
    #expect(try Files.read(file).starts(with: Array("<svg ".utf8)))
  }

  @Test func runsOfDifferentModulesAreSaidToBe() throws {
    try write("small-001")
    try write("other-001", rate: 0.2, module: "other")
    let outcome = try run("compare", "small-001", "other-001")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("different modules (vae, other): only what they share"))
  }

  @Test func watchPrintsTheLinesOfARunThatIsOver() throws {
    try write("small-001", status: "running")
    let before = try Files.names(in: outputs.path + "/small-001")
    let outcome = try run("watch", "small-001")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        train\tstep 1\tepoch 1\tloss 4.000
        train\tstep 2\tepoch 1\tloss 3.000
        evaluation\tstep 2\tepoch 1\tloss 2.500

        """)
    let lines = try run("watch", "small-001", "--json").output
    #expect(lines.hasPrefix("{\"kind\":\"train\",\"step\":1,\"epoch\":1,\"loss\":4.0}\n"))
    #expect(try Files.names(in: outputs.path + "/small-001") == before)
  }

  @Test func damagedLinesAreToldAndPassedOver() throws {
    try write("small-001")
    _ = try outputs.write("{\n\u{1B}[2J\n", to: "small-001/metrics.jsonl")
    for command in ["show", "watch"] {
      let outcome = try run(command, "small-001")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("metrics.jsonl, line 1: expected a line of measures"))
    }
    #expect(try run("runs").output.contains("small-001\tfinished"))
    #expect(try run("export", "small-001", "--to", "csv").status == 65)
  }

  @Test func removeAsksOrIsToldSo() throws {
    try write("small-001")
    try write("small-002")
    let refused = try run("remove", "small-001")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("add --yes"))
    let half = try run("remove", "small-001", "small-003", "--yes")
    #expect(half.status == 66)
    #expect(half.errors.contains("did you mean 'small-001'?"))
    #expect(Files.kind(of: outputs.path + "/small-001") == .folder)
    let removed = try run("remove", "small-001", "--yes")
    #expect(removed.status == 0)
    #expect(removed.output.hasPrefix(outputs.path + "/.trash/small-001-"))
    #expect(try Files.names(in: outputs.path) == [".trash", "small-002"])
  }

  @Test func aRunWithADamagedRecordCanBeRemoved() throws {
    try write("small-001")
    _ = try outputs.write("{", to: "small-001/run.json")
    #expect(try run("show", "small-001").status == 65)
    #expect(try run("remove", "small-001", "--yes").status == 0)
  }

  @Test func reportAndExportTellWhereTheyWrote() throws {
    try write("small-001")
    #expect(try run("report", "small-001").output == outputs.path + "/small-001/report.html\n")
    let path = outputs.path + "/logs"
    let text = try run("export", "small-001", "--to", "tensorboard", "-o", path, "--json").output
    let json = try JSON.decode(Array(text.utf8), path: "")
    #expect(json["path"]?.stringValue == path)
    let files = json["files"]?.elements?.compactMap(\.stringValue) ?? []
    #expect(files.count == 2 && files.allSatisfy { Files.kind(of: $0) == .file })
    let weights = try run("export", "small-001", "--to", "npz", "-o", path + ".npz")
    #expect(weights.status == 65)
    #expect(weights.errors.contains("small-001 has no checkpoint yet"))
  }
}
