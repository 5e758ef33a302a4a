import Experiments
import FileFormats
import Glibc

/// The training of a sweep's runs, here or by Slurm, and the words about it.
struct SweepTraining {
  let sweep: Sweep
  let folder: SweepFolder
  let jobs: Int?
  let execution: ExecutionOptions
  let verbosity: VerbosityOptions

  /// What became of it.
  struct End {
    /// The exit code that tells: of the signal that stopped it, or of the first run that did not
    /// finish; nil when all is well.
    let code: Int32?
  }

  /// Makes a sweep's folder this process's own, with the record of what is planned.
  ///
  /// - Returns: what holds the folder as long as it lives.
  static func take(_ folder: SweepFolder, for plan: SweepResults) throws -> FolderLock {
    try folder.create()
    let lock = try FolderLock(folder.path)
    try DurableFile.removeStaleTemporaryFiles(in: folder.path)
    try plan.writeRecord(to: folder)
    return lock
  }

  /// Trains what is not trained, so many runs at a time, until all have ended or a signal comes.
  func carryOut() throws -> End {
    let journal = Journal(verbosity: verbosity.level)
    let waiting = try unfinishedCells()
    let jobs = min(jobs ?? 1, max(waiting.count, 1))
    let trained = sweep.cells.count - waiting.count
    let all = Quantity.count(sweep.cells.count, "run")
    let done = trained == 0 ? "" : ", \(Quantity.count(trained)) trained before"
    journal.note("\(sweep.name)  \(all)\(done)  \(folder.path)")
    let crew = SweepCrew(jobs: jobs)
    let stop = StopRequest()
    let watch = SignalWatch(stop) {
      journal.note("saving checkpoints (again to leave at once)")
      crew.stop(by: stop.signal ?? SIGTERM)
    }
    var codes: [Int: Int32] = [:]
    for index in sweep.cells.indices where status(of: index) == .diverged {
      codes[index] = ExitStatus.diverged.rawValue
    }
    var count = trained
    try withExtendedLifetime(watch) {
      try crew.carryOut(
        waiting.count, start: { try start(waiting[$0], jobs: jobs) },
        ended: { place, ending in
          let index = waiting[place]
          if ending != .exit(0) { codes[index] = ending.code }
          count += 1
          journal.note(
            "\(Quantity.count(count))/\(Quantity.count(sweep.cells.count))  "
              + line(about: index, ending))
        })
    }
    if let signal = stop.signal {
      journal.note("next: the same command carries the sweep on")
      return End(code: StopRequest.exitCode(for: signal))
    }
    if !codes.isEmpty {
      StandardStream.error.writeLine(
        "error: \(codes.count) of \(all) did not finish; "
          + "the same command tries again those that failed, not those that diverged")
    }
    return End(code: codes.min { $0.key < $1.key }?.value)
  }

  /// Writes an array job of the runs that are not trained, and submits it where Slurm is there.
  func submit(_ options: [SlurmScript.Option]) throws {
    let journal = Journal(verbosity: verbosity.level)
    let waiting = try unfinishedCells()
    if waiting.isEmpty { return journal.note("every run is trained; sweep without --launcher") }
    let script = SlurmScript(
      waiting, of: sweep, in: folder, jobs: jobs, options: options,
      program: ChildProcess.thisProgram,
      home: Files.folder(of: Files.absolute(Home.experiments.path)),
      data: execution.data.path.map(Files.absolute))
    try DurableFile.write(Array(script.text.utf8), to: folder.script)
    StandardStream.output.writeLine(folder.script.printable())
    guard let program = ChildProcess.find("sbatch") else {
      return journal.note("there is no sbatch here; submit it with 'sbatch \(folder.script)'")
    }
    let ending = try ChildProcess(program, [folder.script], talk: .shared).wait()
    guard ending == .exit(0) else {
      throw FileError(
        .inputOutput, path: folder.script, "sbatch ended with exit code \(ending.code)",
        hint: "what it said stands above")
    }
    journal.note("next: the same command without --launcher, when the jobs have ended")
  }

  /// The places of the cells that there is something to do for: all but the finished and diverged.
  private func unfinishedCells() throws -> [Int] {
    sweep.cells.indices.filter { ![.finished, .diverged].contains(status(of: $0)) }
  }

  private func run(_ index: Int) -> RunFolder {
    RunFolder(path: "\(folder.outputs)/\(sweep.cells[index].run)")
  }

  private func status(of index: Int) -> RunRecord.Status? {
    (try? RunSummary(run(index)))?.record.status
  }

  private func start(_ index: Int, jobs: Int) throws -> ChildProcess {
    let threads = max(1, (execution.threads ?? Machine.current.cores) / jobs)
    let data = execution.data.path.map { ["--data", $0] } ?? []
    let isShown = verbosity.level == .verbose
    return try ChildProcess(
      ChildProcess.thisProgram,
      ["cell", folder.path, "\(index)", "--threads", "\(threads)", "--parent", "\(getpid())"]
        + data + (isShown ? ["--verbose"] : []),
      talk: isShown ? .shared : .file(folder.log(of: sweep.cells[index])))
  }

  /// `learningRate=1e-3 train.seed=2  finished  1m 12s`
  private func line(about index: Int, _ ending: ChildProcess.Ending) -> String {
    let cell = sweep.cells[index]
    guard let record = (try? RunSummary(run(index)))?.record else {
      return "\(sweep.label(of: cell))  failed  see \(folder.log(of: cell))"
    }
    let status = ending == .exit(0) || record.problem != nil ? "" : " (exit code \(ending.code))"
    var parts = [sweep.label(of: cell), record.status.rawValue + status]
    if let problem = record.problem { parts.append(problem) }
    if let measure = record.evaluation.measures.first, record.status == .finished {
      parts.append("\(measure.name) \(Quantity.measure(measure.value))")
    }
    return (parts + [Quantity.duration(record.seconds)]).joined(separator: "  ")
  }
}
