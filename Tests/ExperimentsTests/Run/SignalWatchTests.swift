import Experiments
import Glibc
import Testing

@Suite struct SignalWatchTests {
  /// Neither lost nor deadly: the handlers are in place as soon as the watch is.
  @Test func aSignalRightAfterTheStartIsSeen() {
    let request = StopRequest()
    let watch = SignalWatch(request) {}
    kill(getpid(), SIGTERM)
    let end = ContinuousClock.now + .seconds(60)
    while request.signal == nil && ContinuousClock.now < end { usleep(1000) }
    #expect(request.signal == SIGTERM)
    withExtendedLifetime(watch) {}
  }
}
