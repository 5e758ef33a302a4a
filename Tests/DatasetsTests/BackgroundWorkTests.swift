import Datasets
import Synchronization
import Testing

@Suite struct BackgroundWorkTests {
  @Test func givesTheValueAsOftenAsAsked() {
    let calls = Atomic<Int>(0)
    let work = (0..<20).map { number in
      BackgroundWork {
        _ = calls.add(1, ordering: .relaxed)
        return number * number
      }
    }
    for (number, work) in work.enumerated() {
      #expect(work.value() == number * number)
      #expect(work.value() == number * number)
    }
    #expect(calls.load(ordering: .relaxed) == 20)
  }

  /// Nobody waits for it; it must not be freed under its thread.
  @Test func mayBeDropped() {
    for _ in 0..<100 { _ = BackgroundWork { Array(repeating: 1, count: 1000) } }
  }
}
