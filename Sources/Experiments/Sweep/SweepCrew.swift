import FileFormats
import Glibc
import Synchronization

/// Carries out the cells of a sweep, so many at a time, each in a process of its own: what ends one
/// leaves the others alone.
public final class SweepCrew: Sendable {
  private struct State {
    var isStopping = false
    var members: [Int: ChildProcess] = [:]
  }

  /// How often the processes are asked whether they ended, in microseconds.
  private static let interval: UInt32 = 20_000

  private let jobs: Int
  private let state = Mutex(State())

  /// A crew that has at most `jobs` processes at a time.
  public init(jobs: Int) {
    precondition(jobs >= 1, "a crew needs a member")
    self.jobs = jobs
  }

  /// Asks every process to save and stop, and starts no further one. May be called from any thread.
  public func stop(by signal: Int32) {
    state.withLock { state in
      state.isStopping = true
      for member in state.members.values {
        // A terminal that closed counts as SIGTERM; a child that `nohup` started ignores SIGHUP.
        member.send(signal == SIGINT ? SIGINT : SIGTERM)
      }
    }
  }

  /// Carries out `count` pieces of work, from the first to the last; returns when all are done or,
  /// after a wish to stop, when those that were begun have ended.
  ///
  /// - Parameters:
  ///   - start: starts the process of a piece.
  ///   - ended: told of each end.
  /// - Throws: what `start` throws; then the processes at work are stopped first.
  public func carryOut(
    _ count: Int, start: (Int) throws -> ChildProcess,
    ended: (Int, ChildProcess.Ending) throws -> Void
  ) throws {
    var next = 0
    var failure: (any Error)?
    while true {
      do {
        while failure == nil, next < count, try begin(next, start) { next += 1 }
        for (index, ending) in takeEnded() { try ended(index, ending) }
      } catch {
        failure = failure ?? error
        stop(by: SIGTERM)
      }
      let isIdle = state.withLock { $0.members.isEmpty && ($0.isStopping || next == count) }
      if isIdle { break }
      usleep(Self.interval)
    }
    if let failure { throw failure }
  }

  /// Starts a piece of work if there is room; whether there was. A wish to stop comes before the
  /// start, or finds the process.
  private func begin(_ index: Int, _ start: (Int) throws -> ChildProcess) throws -> Bool {
    try state.withLock { state in
      guard !state.isStopping, state.members.count < jobs else { return false }
      state.members[index] = try start(index)
      return true
    }
  }

  /// The processes that ended since, in the order of their pieces. Nobody can signal them any more.
  private func takeEnded() -> [(Int, ChildProcess.Ending)] {
    state.withLock { state in
      let ended = state.members.compactMap { index, member in member.ending().map { (index, $0) } }
      for (index, _) in ended { state.members[index] = nil }
      return ended.sorted { $0.0 < $1.0 }
    }
  }
}
