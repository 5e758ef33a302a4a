import Environments
import FileFormats
import Imaging
import Testing

/// The tasks that agents are tried on: `Catch`, `Identity` and `Chain`.
struct SmallTaskTests {
  @Test(
    arguments: [
      ("Catch-v0", []), ("Identity-v0", []), ("Identity-v0", ["count=1"]), ("Chain-v0", []),
      ("Chain-v0", ["length=2"]),
    ] as [(String, [String])])
  func everyRuleIsKept(id: String, choices: [String]) throws {
    let spec = try #require(EnvironmentCatalog.spec(id))
    #expect(EnvironmentCheck.problems(of: try spec.make(choices)) == [])
  }

  /// Where the ball is in its row and where the paddle is in the last one.
  private func places(_ board: [Float], row: Int) -> (ball: Int?, paddle: Int?) {
    (
      board[5 * row..<5 * row + 5].firstIndex(of: 1).map { $0 - 5 * row },
      board[45...].firstIndex(of: 1).map { $0 - 45 }
    )
  }

  @Test(arguments: [true, false])
  func theBallIsCaughtByFollowingIt(follows: Bool) throws {
    var task = Catch()
    var columns: Set<Int> = []
    for seed: UInt64 in 0..<40 {
      try task.reset(seed: seed)
      for row in 0..<9 {
        let (ball, paddle) = places(task.observation, row: row)
        let (column, place) = (try #require(ball), try #require(paddle))
        columns.insert(column)
        #expect(row > 0 || place == 2)
        // Who flees from the ball ends in the corner that is farther from it.
        let action = follows ? 1 + (column - place).signum() : column < 3 ? 2 : 0
        let step = try task.step(action)
        #expect(step.terminated == (row == 8))
        #expect(step.reward == (row < 8 ? 0 : follows ? 1 : -1))
      }
      #expect(throws: EnvironmentError.self) { try task.step(1) }
    }
    #expect(columns == [0, 1, 2, 3, 4])
  }

  @Test func theBoardShowsBallAndPaddle() throws {
    var task = Catch()
    try task.reset(seed: 0)
    try StateArchive.set(&task, to: ["ballRow": 7, "ballColumn": 1, "paddle": 0], partial: true)
    #expect(task.renderText().hasSuffix(". o . . .\n. . . . .\n= . . . .\n"))
    #expect(task.observation.indices.filter { task.observation[$0] != 0 } == [36, 45])
    #expect(task.render().width == 200)
    #expect(try task.step(0) == Step(reward: 0))
    #expect(try task.step(2) == Step(reward: 1, terminated: true))
  }

  @Test func onlyTheNumberShownPays() throws {
    var task = Identity(count: 3)
    try task.reset(seed: 4)
    var seen = [0, 0, 0]
    for number in 0..<300 {
      let (shown, action) = (task.observation, number % 3)
      seen[shown] += 1
      #expect(try task.step(action) == Step(reward: action == shown ? 1 : 0))
    }
    #expect(seen.allSatisfy { 70...130 ~= $0 })
  }

  @Test func theWayIsLostByGoingBack() throws {
    var task = Chain(length: 4)
    try task.reset(seed: 0)
    var places: [Int] = []
    let steps = try [1, 1, 0, 1, 1, 1].map { action in
      let step = try task.step(action)
      places.append(task.observation)
      return step
    }
    #expect(places == [1, 2, 0, 1, 2, 3])
    #expect(steps.map(\.reward) == [0, 0, 0.001, 0, 0, 1])
    #expect(steps.map(\.terminated) == [false, false, false, false, false, true])
  }

  @Test(arguments: [([], 19), (["length=25"], 34)] as [([String], Int)])
  func theLimitGrowsWithTheCorridor(choices: [String], limit: Int) throws {
    func steps<E: Environment>(_ made: E) throws -> Int {
      var (task, count) = (made, 0)
      try task.reset(seed: 0)
      let left = try #require(E.Action(.integer(0)))
      repeat { count += 1 } while try !task.step(left).truncated
      return count
    }
    let spec = try #require(EnvironmentCatalog.spec("Chain-v0"))
    #expect(try steps(try spec.make(choices)) == limit)
    #expect(try steps(try spec.make(choices, maxEpisodeSteps: 7)) == 7)
  }

  @Test(
    arguments: [
      ("Identity-v0", [], 100, 100), ("Chain-v0", [], 19, 1.01),
      ("Chain-v0", ["length=500"], 509, 1.01),
    ]
      as [(String, [String], Int, Double)])
  func theBestReturnIsKnown(id: String, choices: [String], steps: Int, best: Double) throws {
    let spec = try #require(EnvironmentCatalog.spec(id))
    let table = try #require(try spec.make(choices) as? any TabularEnvironment).table
    let found = try #require(ValueIteration.bestReturn(of: table, within: steps))
    #expect(abs(found - best) < 1e-9)
  }

  @Test(arguments: [
    ("Identity-v0", "count=0"), ("Identity-v0", "count=2.5"), ("Chain-v0", "length=1"),
    ("Chain-v0", "length=3.5"),
  ])
  func senselessSizesAreRefused(id: String, choice: String) throws {
    let spec = try #require(EnvironmentCatalog.spec(id))
    let error = #expect(throws: EnvironmentError.self) { try spec.make([choice]) }
    #expect(error?.problem == .invalidOption)
  }
}
