import Glibc
import Synchronization

/// A wish that a run should save and stop. The training loop looks at it before every step,
/// evaluations and exports between their parts.
public final class StopRequest: Sendable {
  private let number = Atomic<Int32>(0)

  /// No wish yet.
  public init() {}

  /// The signal that asked to stop, or nil while the run may go on.
  public var signal: Int32? {
    let signal = number.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Gives up the work at hand when somebody asked to stop.
  public func check() throws(Interruption) {
    if let signal { throw Interruption(signal: signal) }
  }

  /// Asks to stop as if `signal` had come.
  /// - Returns: whether this is the first wish.
  @discardableResult
  public func raise(_ signal: Int32) -> Bool {
    number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
  }

  /// The exit code of a command that `signal` stopped. A terminal that closed (SIGHUP) counts as
  /// SIGTERM.
  public static func exitCode(for signal: Int32) -> Int32 {
    signal == SIGINT ? 130 : 143
  }
}

/// Work was given up because somebody asked to stop.
public struct Interruption: Error, Hashable {
  /// The signal that asked.
  public let signal: Int32
}
