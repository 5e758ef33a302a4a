import Environments
import Testing

struct ValueIterationTests {
  private func table(_ id: String, _ choices: [String] = []) throws -> TransitionTable {
    let spec = try #require(EnvironmentCatalog.spec(id))
    return try #require(try spec.make(choices) as? any TabularEnvironment).table
  }

  @Test(
    arguments: [
      ("FrozenLake-v1", [], 100, 0.74419), ("FrozenLake8x8-v1", [], 200, 0.91322),
      ("FrozenLake-v1", ["slippery=false"], 100, 1), ("FrozenLake-v1", ["slippery=false"], 5, 0),
      ("CliffWalking-v1", [], nil, -13), ("Taxi-v4", [], 200, 7.93),
      // Walking about pays as much as the goal does.
      ("FrozenLake-v1", ["frozenReward=1", "slippery=false"], 100, 100),
    ] as [(String, [String], Int?, Double)])
  func theBestReturnIsKnown(id: String, choices: [String], steps: Int?, best: Double) throws {
    let found = try #require(ValueIteration.bestReturn(of: table(id, choices), within: steps))
    #expect(abs(found - best) < 6e-6)
  }

  @Test func withoutAnEndTheLimitIsApproached() throws {
    // By hand: a coin that pays 1 a throw and ends the game half the time is worth 2.
    let coin = TransitionTable(actionCount: 1, startProbabilities: [1]) { _, _ in
      [false, true].map { Transition(probability: 0.5, state: 0, reward: 1, terminated: $0) }
    }
    let best = try #require(ValueIteration.bestReturn(of: coin, within: nil))
    #expect(abs(best - 2) < 1e-9)
    #expect(ValueIteration.bestReturn(of: coin, within: 2) == 1.5)
  }

  @Test func policiesAreValuedExactly() throws {
    let cliff = try table("CliffWalking-v1")
    // Up, eleven times right, down; anywhere else down.
    let safe = (0..<48).map { $0 == 36 ? 0 : 24..<35 ~= $0 ? 1 : 2 }
    #expect(ValueIteration.expectedReturn(of: safe, in: cliff, within: 1000) == -13)
    #expect(ValueIteration.expectedReturn(of: safe, in: cliff, within: 5) == -5)
    // Right from the start falls off the cliff at each step.
    let rash = [Int](repeating: 1, count: 48)
    #expect(ValueIteration.expectedReturn(of: rash, in: cliff, within: 3) == -300)
  }

  @Test func endlessPayHasNoBestReturn() throws {
    let lake = try table("FrozenLake-v1", ["frozenReward=1", "slippery=false"])
    #expect(ValueIteration.bestReturn(of: lake, within: nil) == nil)
  }
}
