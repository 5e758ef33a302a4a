import Dispatch
import Glibc

/// Watches that the process which started this one is alive, for as long as this object lives: one
/// that was killed cannot pass a signal on any more.
public final class ParentWatch {
  private let source: any DispatchSourceTimer

  /// Watches `parent`; calls `orphaned` once it is no longer the parent of this process.
  public init(_ parent: Int32, orphaned: @escaping @Sendable () -> Void) {
    source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "atelier.parent"))
    source.schedule(deadline: .now(), repeating: .milliseconds(250))
    source.setEventHandler {
      if getppid() != parent { orphaned() }
    }
    source.resume()
  }

  deinit {
    source.cancel()
  }
}
