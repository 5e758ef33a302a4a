import Dispatch
import Glibc
import Synchronization

/// A wish that a run should save and stop. The training loop looks at it before every step.
public final class StopRequest: Sendable {
  private let number = Atomic<Int32>(0)

  /// No wish yet.
  public init() {}

  /// The signal that asked to stop, or nil while the run may go on.
  public var signal: Int32? {
    let signal = number.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Asks to stop as if `signal` had come.
  /// - Returns: whether this is the first wish.
  @discardableResult
  public func raise(_ signal: Int32) -> Bool {
    number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
  }
}

/// The signals that stop a run, watched for as long as this object lives.
///
/// The first one only raises a `StopRequest`; the second ends the process at once, which is safe at
/// any instant because every file is committed by a rename.
public final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  /// Watches SIGINT, SIGTERM and SIGHUP. SIGPIPE and SIGXFSZ are ignored from here on, so that a
  /// closed pipe and a file-size limit are errors of the write they meet.
  public init(_ request: StopRequest, notice: @escaping @Sendable () -> Void) {
    for ignored in [SIGPIPE, SIGXFSZ] {
      _ = Glibc.signal(ignored, SIG_IGN)
    }
    let queue = DispatchQueue(label: "atelier.signals")
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      // The default action would end the process before the source sees the signal.
      _ = Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard request.raise(number) else { _exit(StopRequest.exitCode(for: number)) }
        notice()
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources {
      source.cancel()
    }
  }
}

extension StopRequest {
  /// The exit code of a command that `signal` stopped. A terminal that closed (SIGHUP) counts as
  /// SIGTERM.
  public static func exitCode(for signal: Int32) -> Int32 {
    signal == SIGINT ? 130 : 143
  }
}
