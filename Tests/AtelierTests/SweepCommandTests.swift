import FileFormats
import Glibc
import Testing

/// `sweep` on the drawn shapes, which need no files.
@Suite struct SweepCommandTests {
  private let folder = TemporaryFolder()

  /// A small experiment, and the program run on it.
  private func sweep(
    _ arguments: [String], path: String = "/usr/bin:/bin"
  ) throws -> Program.Outcome {
    let file = try folder.write(
      "module: vae\ndataset: sprites\nhidden: [64, 64]\nimageLimit: 500\ntrain:\n  epochs: 1\n  stepLimit: 2\n",
      to: "small.yaml")
    return try Program.run(
      ["sweep", file, "--out", folder.path + "/out", "--threads", "1"] + arguments,
      environment: ["PATH": path])
  }

  private func record(_ outcome: Program.Outcome) throws -> JSON {
    try JSON.decode(Array(outcome.output.utf8), path: "standard output")
  }

  @Test func finishedCellsAreSkippedAndFailuresTold() throws {
    let arguments = ["latentSize=2", "seed=1..2", "--jobs", "2", "--json"]
    let first = try sweep(arguments)
    #expect(first.status == 0, "\(first.errors)")
    let json = try record(first)
    #expect(json["cells"]?.elements?.map { $0["status"]?.stringValue } == ["finished", "finished"])
    #expect(json["groups"]?[0]?["final"]?["halfWidth"]?.doubleValue != nil)
    let again = try sweep(arguments)
    #expect(again.status == 0)
    #expect(again.output == first.output)
    #expect(again.errors.contains("2 trained before"))
    let diverging = try sweep(
      ["optimizer.learningRate=1e-3,10", "train.stepLimit=20", "seed=1", "--quiet"])
    #expect(diverging.status == 76, "\(diverging.errors)")
    #expect(diverging.errors.hasPrefix("error: 1 of 2 runs did not finish"))
  }

  @Test func runsSideBySideSayWhichOfThemSpeaks() throws {
    let outcome = try sweep(["seed=1..2", "--jobs", "2", "--verbose"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n")
    // The sweep's own are the first line, and one at the end of each run.
    #expect(lines.count { !$0.hasPrefix("small-cell-") } == 3, "\(outcome.errors)")
    #expect(Set(lines.filter { $0.contains("step 2/2") }.map { $0.prefix(23) }).count == 2)
  }

  @Test func anArrayJobIsWrittenAndSubmitted() throws {
    let tools = TemporaryFolder()
    let noted = tools.path + "/noted"
    let script = try tools.write("#!/bin/sh\necho \"$@\" > \(noted)\necho job 7\n", to: "sbatch")
    let arguments = ["seed=1..3", "--launcher", "slurm", "--slurm", "mem=1G"]
    let alone = try sweep(arguments)
    #expect(alone.status == 0)
    #expect(alone.output.hasSuffix("/sweep.sbatch\n"))
    #expect(alone.errors.contains("there is no sbatch here"))
    #expect(unsafe chmod(script, 0o755) == 0)
    let submitted = try sweep(arguments, path: "\(tools.path):/usr/bin:/bin")
    #expect(submitted.status == 0, "\(submitted.errors)")
    #expect(submitted.errors.contains("job 7"))
    let path = String(submitted.output.dropLast())
    #expect(String(decoding: try Files.read(noted), as: UTF8.self) == path + "\n")
    // What the second task does, as Slurm would start it.
    let task = unsafe system("SLURM_ARRAY_TASK_ID=1 sh '\(path)'")
    #expect(task == 0)
    let json = try record(sweep(["seed=1..3", "--dry-run", "--json"]))
    #expect(
      json["cells"]?.elements?.map { $0["status"]?.stringValue } == [
        "waiting", "finished", "waiting",
      ])
  }

  @Test(arguments: [
    (["seed"], 78, "a sweep takes keys"), (["seed=3..1"], 78, "ends before it begins"),
    (["sed=1,2"], 78, "unknown key 'sed'"), (["seed=1", "--jobs", "0"], 64, "--jobs 0"),
    (["seed=1", "--random", "0"], 64, "--random 0"),
    (["seed=1", "--slurm", "time=1"], 64, "--slurm goes with"),
    (["seed=1", "--quiet", "--verbose"], 64, "not both"),
    (["seed=1", "--launcher", "slurm", "--slurm", "tme=1"], 78, "did you mean 'time'?"),
  ])
  func aWrongSweepIsRefused(arguments: [String], status: Int32, says: String) throws {
    let outcome = try sweep(arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(Files.kind(of: folder.path + "/out") == nil)
  }
}
