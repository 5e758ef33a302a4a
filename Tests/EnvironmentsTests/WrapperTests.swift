import Environments
import Testing

struct WrapperTests {
  @Test func wrappedEnvironmentsKeepTheRules() {
    func check<E: Environment>(_ environment: E) {
      let whole = TimeLimit(OrderEnforcing(environment), maxEpisodeSteps: 30)
      #expect(EnvironmentCheck.problems(of: whole, steps: 80) == [])
    }
    check(TransformReward(CartPole(), clippedTo: -0.5...0.5))
    check(FlattenObservation(Taxi()))
    check(FrameStack(CartPole(), count: 3))
    check(NormalizeObservation(CartPole()))
    check(RecordEpisode(CartPole(), limit: 2))
    check(PictureObservation(CartPole(), isGrey: true, size: (width: 30, height: 20)))
  }

  @Test func rewardsAreClipped() throws {
    var environment = TransformReward(CartPole(), clippedTo: -0.5...0.5)
    try environment.reset(seed: 1)
    #expect(try environment.step(0).reward == 0.5)
  }

  @Test func statesBecomeOneAmongZeros() throws {
    var plain = Taxi()
    var environment = FlattenObservation(plain)
    try plain.reset(seed: 1)
    try environment.reset(seed: 1)
    let expected = (0..<500).map { Float($0 == plain.observation ? 1 : 0) }
    #expect(environment.observation == expected)
    #expect(environment.observationSpace.flatCount == 500)
  }

  @Test func stacksBeginWithTheFirstObservationAndEndWithTheLast() throws {
    var plain = CartPole()
    var stack = FrameStack(CartPole(), count: 2)
    try plain.reset(seed: 5)
    try stack.reset(seed: 5)
    let first = plain.observation
    #expect(stack.observation == first + first)
    _ = try plain.step(1)
    _ = try stack.step(1)
    #expect(stack.observation == first + plain.observation)
  }

  @Test func normalizedObservationsHaveMeanZeroAndVarianceOne() throws {
    var environment = NormalizeObservation(CartPole())
    var seen: [[Float]] = []
    for seed in 0..<2000 {
      try environment.reset(seed: UInt64(seed))
      seen.append(environment.observation)
    }
    for place in 0..<4 {
      let numbers = seen.suffix(1000).map { Double($0[place]) }
      let mean = numbers.reduce(0, +) / 1000
      let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 1000
      #expect(abs(mean) < 0.1)
      #expect(abs(variance - 1) < 0.1)
    }
  }

  @Test func picturesAreResizedAndGrey() throws {
    var environment = PictureObservation(CartPole(), isGrey: true, size: (width: 30, height: 20))
    try environment.reset(seed: 1)
    #expect(environment.observation.count == 600)
    #expect(environment.observation.max() == 255)
    #expect((environment.observation.min() ?? 255) < 150)
  }

  @Test func anEpisodeIsRecordedFromItsResetOn() throws {
    var environment = RecordEpisode(CartPole(), limit: 3)
    try environment.reset(seed: 1)
    for _ in 0..<5 { _ = try environment.step(0) }
    #expect(environment.pictures.count == 3)
    #expect(environment.episodeReturn == 5)
    try environment.reset()
    #expect(environment.pictures.count == 1)
    #expect(environment.episodeReturn == 0)
  }

  @Test func aTimeLimitTruncatesAndThenNeedsAReset() throws {
    var environment = TimeLimit(OrderEnforcing(CartPole()), maxEpisodeSteps: 2)
    try environment.reset(seed: 1)
    #expect(try environment.step(0) == Step(reward: 1))
    let last = try environment.step(1)
    #expect(last == Step(reward: 1, truncated: true))
    #expect(last.discount(0.9) == 0.9)
    #expect(Step(reward: 1, terminated: true, truncated: true).discount(0.9) == 0)
    #expect(throws: EnvironmentError.self) { try environment.step(0) }
  }
}
