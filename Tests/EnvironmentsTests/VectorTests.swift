import Environments
import FileFormats
import Testing

struct VectorTests {
  /// Ten steps an episode.
  static let limited = TimeLimit(OrderEnforcing(CartPole()), maxEpisodeSteps: 10)

  @Test(arguments: AutoresetMode.allCases)
  func environmentsSideBySideActAsAlone(mode: AutoresetMode) throws {
    var vector = EnvironmentVector(Self.limited, count: 3, autoreset: mode)
    var outcome = vector.outcome
    var singles = [Self.limited, Self.limited, Self.limited]
    try vector.reset(seed: 5, into: &outcome)
    for index in 0..<3 { try singles[index].reset(seed: 5 + UInt64(index)) }
    var isOver = [false, false, false]
    var random = PCG64(seed: 1)
    for _ in 0..<60 {
      let actions = (0..<3).map { _ in random.integer(below: 2) }
      if mode == .disabled {
        for index in 0..<3 where isOver[index] {
          try vector.reset(environment: index, into: &outcome)
          try singles[index].reset()
        }
        isOver = [false, false, false]
      }
      try vector.step(actions, into: &outcome)
      for index in 0..<3 {
        var step = Step(reward: 0)
        if mode == .nextStep && isOver[index] {
          try singles[index].reset()
          isOver[index] = false
        } else {
          step = try singles[index].step(actions[index])
          isOver[index] = step.endsEpisode
        }
        #expect(outcome.step(of: index) == step)
        if mode == .sameStep && step.endsEpisode {
          #expect(
            Array(outcome.finalObservations[index * 4..<index * 4 + 4])
              == singles[index].observation)
          try singles[index].reset()
        }
        #expect(
          Array(outcome.observations[index * 4..<index * 4 + 4]) == singles[index].observation)
      }
    }
  }

  @Test func stacksShowWhatTheWrapperShows() throws {
    var vector = EnvironmentVector(Self.limited, count: 1, autoreset: .disabled, stack: 3)
    var outcome = vector.outcome
    var single = FrameStack(Self.limited, count: 3)
    try vector.reset(seed: 2, into: &outcome)
    try single.reset(seed: 2)
    for number in 0..<5 {
      #expect(outcome.observations == single.observation)
      try vector.step([number % 2], into: &outcome)
      _ = try single.step(number % 2)
    }
    #expect(outcome.observations == single.observation)
  }

  @Test func hiddenTypesGoOnFromTheirState() throws {
    let spec = try #require(EnvironmentCatalog.spec("MinAtar/Breakout-v0"))
    let layout = VectorLayout(count: 2, autoreset: .sameStep, stack: 2)
    let first = try #require(try spec.makeVector(layout, of: Int.self))
    let second = try #require(try spec.makeVector(layout, of: Int.self))
    try first.reset(seed: 1)
    for number in 0..<200 { try first.step([number % 6, number % 5]) }
    try second.restore(first.state)
    for number in 0..<200 {
      try first.step([number % 5, number % 6])
      try second.step([number % 5, number % 6])
      #expect(second.outcome.observations == first.outcome.observations)
      #expect(second.outcome.rewards == first.outcome.rewards)
    }
    #expect(throws: EnvironmentError.self) { try second.restore(["environments": []]) }
    #expect(try spec.makeVector(layout, of: [Float].self) == nil)
  }

  @Test func tuplesAreLaidOutOneAfterAnother() throws {
    let spec = try #require(EnvironmentCatalog.spec("Blackjack-v1"))
    let vector = try #require(try spec.makeVector(VectorLayout(count: 2), of: Int.self))
    try vector.reset(seed: 42)
    #expect(vector.outcome.rowSize == 3)
    for place in 0..<2 {
      #expect(4...21 ~= vector.outcome.observations[3 * place])
      #expect(1...10 ~= vector.outcome.observations[3 * place + 1])
      #expect(0...1 ~= vector.outcome.observations[3 * place + 2])
    }
  }

  @Test func episodesOfOneSeedAreAlike() throws {
    let spec = try #require(EnvironmentCatalog.spec("CartPole-v1"))
    func play(_ count: Int) throws -> [Episode] {
      let vector = try #require(try spec.makeVector(VectorLayout(count: count), of: Int.self))
      return try vector.playEpisodes(seed: 3, stepLimit: 1000, discount: 0.5) { outcome in
        (0..<count).map { outcome.observations[4 * $0 + 2] > 0 ? 1 : 0 }
      }
    }
    let (three, one) = (try play(3), try play(1))
    #expect(three.first == one.first)
    #expect(three.map(\.seed) == [3, 4, 5])
    for episode in three {
      #expect(episode.totalReward == Double(episode.steps))
      #expect(abs(episode.discountedReward - 2) < 1e-5)
      #expect(episode.terminated)
    }
    let given = try #require(try spec.makeVector(VectorLayout(count: 1), of: Int.self))
    let cut = try given.playEpisodes(seed: 0, stepLimit: 4) { _ in [0] }
    #expect(cut[0].steps == 4 && !cut[0].terminated && !cut[0].truncated)
  }
}
