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
