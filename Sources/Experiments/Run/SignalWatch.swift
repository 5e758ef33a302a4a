import Dispatch
import Glibc

// Unsafe code in this file: to learn whether a signal was ignored, the C pointer that signal(2)
// returns is compared as a number.

/// The signals that stop a run, watched for as long as this object lives.
///
/// The first one only raises a `StopRequest`; the second ends the process at once, which is safe at
/// any instant because every file is committed by a rename.
public final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  /// Watches SIGINT, SIGTERM and, unless `nohup` has it ignored, SIGHUP. SIGPIPE and SIGXFSZ are
  /// ignored from here on: a closed pipe and a file-size limit are errors of the write they meet.
  ///
  /// - Parameters:
  ///   - request: raised by the first signal.
  ///   - notice: called then, on a queue of its own.
  public init(_ request: StopRequest, notice: @escaping @Sendable () -> Void) {
    for ignored in [SIGPIPE, SIGXFSZ] {
      _ = Glibc.signal(ignored, SIG_IGN)
    }
    let queue = DispatchQueue(label: "atelier.signals")
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      // The default action would end the process before the source sees the signal.
      let before = Glibc.signal(number, SIG_IGN)
      if number == SIGHUP && Self.isIgnore(before) { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard request.raise(number) else { _exit(StopRequest.exitCode(for: number)) }
        notice()
      }
      source.resume()
      return source
    }
  }

  private static func isIgnore(_ handler: __sighandler_t?) -> Bool {
    unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit {
    for source in sources {
      source.cancel()
    }
  }
}
