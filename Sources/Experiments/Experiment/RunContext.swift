import TensorEngine

/// What an experiment may know about the run it belongs to.
public struct RunContext: Sendable {
  /// The run's seed: every random stream is derived from it.
  public let seed: UInt64
  /// How many threads to compute with, at least 1. Must not change any result.
  public let threads: Int
  /// The folder of data files that the user named, if any.
  public let dataFolder: String?
  /// Tells the user, and the run's log, one line: what is being loaded, what was skipped.
  public let note: @Sendable (String) -> Void
  /// To be checked between the parts of an evaluation or export, so that a run stops in time.
  public let stop: StopRequest
  /// Told when the workspace is made, and what is planned to be loaded into it.
  var memoryGrowth: MemoryGrowth?

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - threads: how many threads to compute with, at least 1.
  ///   - dataFolder: the folder of data files that the user named.
  ///   - note: receives lines for the user.
  ///   - stop: raised by who wants the run to stop.
  public init(
    seed: UInt64, threads: Int = 1, dataFolder: String? = nil,
    note: @escaping @Sendable (String) -> Void = { _ in }, stop: StopRequest = StopRequest()
  ) {
    precondition(threads >= 1, "a run needs at least one thread")
    self.seed = seed
    self.threads = threads
    self.dataFolder = dataFolder
    self.note = note
    self.stop = stop
  }

  /// The workspace of the run's programs. Made before the networks are drawn and after the data are
  /// loaded, so that `atelier describe` tells what the programs take.
  public func workspace() -> Workspace<Float> {
    memoryGrowth?.begin()
    return Workspace(threads: threads, seed: seed)
  }

  /// Loads all programs of the run, in the order given, unless they need more memory than there is:
  /// they, and a copy of the states for checkpoints.
  ///
  /// - Throws: `.unsuitable`, before any of the memory is taken.
  public func load(
    _ programs: [(name: String, program: Program<Float>)], into workspace: Workspace<Float>
  ) throws(RunError) -> [LoadedProgram<Float>] {
    let forecast = MemoryForecast(programs.map(\.program), threads: threads)
    let need = forecast.total + forecast.states
    memoryGrowth?.plan(need)
    if let limit = MemoryLimit.tightest(threads: threads), need > limit.available {
      throw RunError(
        .unsuitable,
        "training needs \(Quantity.bytes(need)) of memory, but \(limit.name) has "
          + "\(Quantity.bytes(limit.available)) left for it",
        hint: "choose a smaller network or batch, or fewer threads")
    }
    return programs.map { workspace.load($0.program, named: $0.name) }
  }

  /// Whether there is memory for a program beside what is taken already.
  public func fits(_ program: Program<Float>) -> Bool {
    let need = MemoryForecast([program], threads: threads).total
    return MemoryLimit.tightest(threads: threads).map { need <= $0.available } ?? true
  }
}
