import ArgumentParser
import Experiments

/// What `run` and `resume` share: signals that stop the run, and the words at its end.
struct Training {
  let output: OutputOptions
  let execution: ExecutionOptions
  let format: FormatOptions
  let verbosity: VerbosityOptions
  /// Whose words they are, where several runs share a screen.
  var speaker: String?

  /// Trains, then prints the result. Ends with the signal's exit code when one stopped the run.
  func carryOut(_ train: (RunSettings) throws -> RunResult) throws {
    let journal = journal
    let result = try watched(journal, train)
    let summary = try RunSummary(result.folder)
    if format.json {
      format.print(summary.json)
    } else if result.end == .finished {
      StandardStream.output.writeLine(line(for: result))
    }
    if result.end == .finished {
      let run = name(of: result.folder)
      let next = commands(for: result).map { "atelier \($0) \(run)" }
      journal.note("next: " + next.joined(separator: "\n      "))
    }
    try leaveIfStopped(result, journal)
  }

  /// What is said while it trains.
  var journal: Journal {
    speaker.map { Journal(speaker: $0, verbosity: verbosity.level) }
      ?? Journal(verbosity: verbosity.level)
  }

  /// Trains, and has signals stop it after a save.
  func watched(
    _ journal: Journal, _ train: (RunSettings) throws -> RunResult
  ) throws -> RunResult {
    let stop = StopRequest()
    let watch = SignalWatch(stop) {
      journal.note("saving a checkpoint (again to stop now)")
    }
    return try withExtendedLifetime(watch) {
      try train(execution.settings(journal, stop: stop))
    }
  }

  /// Ends with the signal's exit code when one stopped the run.
  func leaveIfStopped(_ result: RunResult, _ journal: Journal) throws {
    guard case .stopped(let signal) = result.end else { return }
    journal.note("saved at step \(Quantity.count(result.record.step))")
    journal.note("next: atelier resume \(name(of: result.folder))")
    throw ExitCode(StopRequest.exitCode(for: signal))
  }

  /// How another command names the run: by its path if it is not among the others.
  private func name(of folder: RunFolder) -> String {
    guard folder.path == "\(output.out)/\(folder.name)" else { return folder.path }
    return output.out == "outputs" ? folder.name : "\(folder.name) --out \(output.out)"
  }

  /// What can be done with a finished run, by what its module can do.
  private func commands(for result: RunResult) -> [String] {
    let module = Registry.studio.modules.first { $0.module == result.record.module }
    var commands = ["show"]
    if module is any ImageSampler.Type || module is any TextSampler.Type {
      commands.append("sample")
    }
    if module is any LatentModel.Type { commands.append("latent grid") }
    return commands
  }

  /// `vae-fashion-003  20 epochs  loss 262.1  1m 12s  outputs/vae-fashion-003`
  private func line(for result: RunResult) -> String {
    let record = result.record
    var parts = [result.folder.name, Quantity.count(record.epochs, "epoch")]
    if let measure = record.evaluation.measures.first {
      parts.append("\(measure.name) \(Quantity.measure(measure.value))")
    }
    parts += [Quantity.duration(record.seconds), result.folder.path]
    return parts.joined(separator: "  ")
  }
}
