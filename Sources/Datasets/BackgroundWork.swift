// Unsafe: the thread receives its work through a pointer that `Unmanaged` keeps alive.

import Glibc
import Synchronization

/// A value that is computed on a thread of its own while its maker does other things.
@safe public final class BackgroundWork<Value: Sendable> {
  private let compute: @Sendable () -> Value
  private let result = Result()
  /// Until it is waited for; nil also where the system had no thread to spare.
  private var thread: pthread_t?

  private final class Result: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// Begins.
  public init(_ compute: @escaping @Sendable () -> Value) {
    self.compute = compute
    thread = startThread { [result] in
      let value = compute()
      result.value.withLock { $0 = value }
    }
  }

  deinit {
    if let thread { pthread_detach(thread) }
  }

  /// The value, when it is there; computed at once where there is no thread to do it.
  public func value() -> Value {
    if let thread { pthread_join(thread, nil) }
    thread = nil
    return result.value.withLock { $0 } ?? compute()
  }
}

/// A thread that does something once, to be joined or detached; nil where the system refuses.
private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
  final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  let argument = unsafe Unmanaged.passRetained(Body(body))
  var thread = pthread_t()
  let status = unsafe pthread_create(
    &thread, nil,
    { argument in
      guard let argument = unsafe argument else { return nil }
      unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, argument.toOpaque())
  if status == 0 { return thread }
  unsafe argument.release()
  return nil
}
