import Dispatch
import Synchronization

/// What `body` makes of 0 ..< count, in this order, computed on all processors.
func concurrentMap<Result: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let results = Mutex([Result?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { place in
    let result = body(place)
    results.withLock { $0[place] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}

/// What `body` makes of 0 ..< count, in this order, computed by so many threads at most.
func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  precondition(threads >= 1, "a computation needs a thread")
  if threads == 1 { return (0..<count).map(body) }
  let parts = concurrentMap(min(threads, count)) { thread in
    stride(from: thread, to: count, by: threads).map(body)
  }
  return (0..<count).map { parts[$0 % threads][$0 / threads] }
}
