import Dispatch
import Glibc

// Unsafe code in this file: to learn whether a signal is ignored, the C structure that sigaction(2)
// fills is read, and the pointer in it compared as a number.

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
    let registrations = DispatchGroup()
    let numbers = [SIGINT, SIGTERM, SIGHUP].filter { $0 != SIGHUP || !Self.isIgnored($0) }
    sources = numbers.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard request.raise(number) else { _exit(StopRequest.exitCode(for: number)) }
        notice()
      }
      registrations.enter()
      source.setRegistrationHandler { registrations.leave() }
      source.resume()
      return source
    }
    // Dispatch puts handlers in place, on a thread of its own. Until then a signal ends the process,
    // which has begun nothing yet; were it ignored meanwhile, it would be lost.
    registrations.wait()
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    let handler = unsafe action.__sigaction_handler.sa_handler
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit {
    for source in sources {
      source.cancel()
    }
  }
}
