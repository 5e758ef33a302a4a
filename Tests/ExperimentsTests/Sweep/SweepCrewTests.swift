import Experiments
import FileFormats
import Glibc
import Synchronization
import Testing

@Suite struct SweepCrewTests {
  private let workshop = Workshop()

  private func shell(_ command: String) throws -> ChildProcess {
    try ChildProcess("sh", ["-c", command], talk: .file("/dev/null"))
  }

  @Test func everyEndIsToldAndNoneStopsTheOthers() throws {
    let codes: [Int32] = [0, 3, 0, 76]
    var endings: [Int: ChildProcess.Ending] = [:]
    try SweepCrew(jobs: 2).carryOut(
      5, start: { try shell($0 < 4 ? "exit \(codes[$0])" : "kill -9 $$") },
      ended: { endings[$0] = $1 })
    #expect(endings == [0: .exit(0), 1: .exit(3), 2: .exit(0), 3: .exit(76), 4: .signal(9)])
    #expect(endings[4]?.code == 137)
  }

  @Test func aWishToStopReachesThoseAtWorkAndStartsNoFurther() throws {
    let crew = SweepCrew(jobs: 2)
    let started = Mutex(0)
    var endings: [Int: ChildProcess.Ending] = [:]
    try crew.carryOut(
      4,
      start: { index in
        let count = started.withLock {
          $0 += 1
          return $0
        }
        if index == 0 { return try shell("exit 5") }
        #expect(count <= 3)
        return try shell("sleep 60")
      },
      ended: { index, ending in
        endings[index] = ending
        if index == 0 { crew.stop(by: SIGINT) }
      })
    #expect(endings[0] == .exit(5))
    #expect(endings[1] == .signal(SIGINT))
    #expect(endings.count < 4)
  }

  @Test func aProgramThatCannotBeStartedIsAnError() throws {
    let error = #expect(throws: FileError.self) {
      try SweepCrew(jobs: 1).carryOut(
        2, start: { _ in try ChildProcess("/nonexistent/program", [], talk: .shared) },
        ended: { _, _ in })
    }
    #expect(error?.problem == .notFound)
  }

  @Test func whatAChildSaysIsAddedToItsFile() throws {
    let log = workshop.path + "/log.txt"
    for _ in 0..<2 {
      let child = try ChildProcess("sh", ["-c", "echo out; echo err >&2"], talk: .file(log))
      #expect(child.wait() == .exit(0))
    }
    #expect(String(decoding: try Files.read(log), as: UTF8.self) == "err\nerr\n")
  }

  @Test(arguments: [
    ("tme=1", "did you mean 'time'?"), ("time", "without a value"), ("time=", "without a value"),
    ("mem=4 G", "a space"), ("wrap=rm", "no option"),
  ])
  func aWrongOptionOfSlurmIsRefused(text: String, says: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try SlurmScript.Option(text) }
    #expect(error?.description.contains(says) == true)
  }

  @Test func theArrayJobNamesItsTasksInRanges() throws {
    let sweep = try workshop.studio.planSweep(
      workshop.file(), reference: "descent", axes: [SweepAxis("seed=0..9")])
    let script = SlurmScript(
      [0, 1, 2, 5, 7, 8], of: sweep, in: SweepFolder(path: "/it's/x"), jobs: 3,
      options: [try SlurmScript.Option("time=01:00:00")], program: "/bin/atelier", home: "/srv/a",
      data: "/my data")
    #expect(script.text.hasPrefix("#!/bin/sh\n#SBATCH --job-name=descent-sweep-"))
    #expect(script.text.contains("#SBATCH --array=0-2,5,7-8%3\n"))
    #expect(script.text.contains("#SBATCH --cpus-per-task=1\n#SBATCH --time=01:00:00\n"))
    #expect(script.text.contains("exec '/bin/atelier' 'cell' '/it'\\''s/x' \"$SLURM_ARRAY_TASK_ID"))
    #expect(script.text.contains("'--data' '/my data'"))
  }
}
