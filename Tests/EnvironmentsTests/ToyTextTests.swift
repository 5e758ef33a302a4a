import Environments
import FileFormats
import Testing

/// Tables first, of which the last one's passenger is fickle, and then what is none.
private let entries: [(String, [String])] = [
  ("FrozenLake-v1", []), ("FrozenLake8x8-v1", ["slippery=false"]),
  ("FrozenLake-v1", ["map=random", "size=6", "successRate=0.7", "holeReward=-1"]),
  ("CliffWalking-v1", []), ("CliffWalkingSlippery-v1", []), ("Taxi-v4", []),
  ("Taxi-v4", ["rainy=true", "ficklePassenger=true"]), ("Blackjack-v1", []),
  ("Blackjack-v1", ["natural=true", "sab=false"]),
]

/// The expected numbers are what Gymnasium 1.4 gave for the same seed and actions.
struct ToyTextTests {
  private func made(_ id: String, _ choices: [String] = []) throws -> any TabularEnvironment {
    let spec = try #require(EnvironmentCatalog.spec(id))
    return try #require(try spec.make(choices) as? any TabularEnvironment)
  }

  @Test(
    arguments: [
      ("FrozenLake-v1", [0, 1, 1, 2, 1, 1, 2], [2, 2, 1, 1, 2, 1], 0),
      ("CliffWalking-v1", [36, 24, 25, 26, 36], [0, 1, 1, 2], -103),
      ("CliffWalkingSlippery-v1", [36, 24, 36, 36, 36, 36, 36], [0, 1, 1, 0, 1, 2], -6),
      ("Taxi-v4", [386, 486, 466, 466, 366, 366, 386], [0, 3, 4, 1, 5, 2], -24),
    ] as [(String, [Int], [Int], Double)])
  func tablesGoAsTheOriginals(id: String, states: [Int], actions: [Int], sum: Double) throws {
    var environment = try made(id)
    try environment.reset(seed: 42)
    var seen = [environment.observation]
    var paid = 0.0
    for action in actions {
      paid += try environment.step(action).reward
      seen.append(environment.observation)
    }
    #expect(seen == states)
    #expect(paid == sum)
  }

  @Test(arguments: entries)
  func everyRuleIsKept(id: String, choices: [String]) throws {
    let spec = try #require(EnvironmentCatalog.spec(id))
    #expect(EnvironmentCheck.problems(of: try spec.make(choices)) == [])
  }

  @Test(arguments: entries.dropLast(3))
  func stepsFollowTheTable(id: String, choices: [String]) throws {
    func follow<E: TabularEnvironment>(_ start: E) throws {
      var environment = start
      var random = PCG64(seed: 7)
      try environment.reset(seed: 7)
      #expect(environment.startProbabilities[environment.observation] > 0)
      for _ in 0..<500 {
        let action = random.integer(below: environment.actionCount)
        let outcomes = environment.transitions(from: environment.observation, by: action)
        let step = try environment.step(action)
        #expect(
          outcomes.contains {
            $0.state == environment.observation && $0.reward == step.reward
              && $0.terminated == step.terminated
          })
        if step.endsEpisode { try environment.reset() }
      }
    }
    try follow(try made(id, choices))
  }

  @Test(arguments: entries.dropLast(2))
  func probabilitiesAddUp(id: String, choices: [String]) throws {
    let table = try made(id, choices).table
    #expect(abs(table.startProbabilities.reduce(0, +) - 1) < 1e-12)
    for state in 0..<table.stateCount {
      for action in 0..<table.actionCount {
        let sum = table.transitions(from: state, by: action).reduce(0) { $0 + $1.probability }
        #expect(abs(sum - 1) < 1e-12)
      }
    }
  }

  @Test func firmIceLeadsToTheGoal() throws {
    var lake = try made("FrozenLake-v1", ["slippery=false", "goalReward=3"])
    try lake.reset(seed: 0)
    let steps = try [1, 1, 2, 2, 1, 2].map { try lake.step($0) }
    #expect(steps.dropLast().allSatisfy { $0 == Step(reward: 0) })
    #expect(steps.last == Step(reward: 3, terminated: true))
    try lake.reset()
    #expect(try [1, 2].map { try lake.step($0) }.last == Step(reward: 0, terminated: true))
  }

  @Test(
    arguments: [
      (4, 0.8, 7, "SHFFFHFHFFFFFFFG"), (5, 0.6, 1, "SFFFHFFHHHHFFFFHHFFHFFHFG"),
    ] as [(Int, Double, UInt64, String)])
  func randomLakesAreTheOriginals(size: Int, share: Double, seed: UInt64, text: String) throws {
    let lake = try made(
      "FrozenLake-v1",
      ["map=random", "size=\(size)", "frozenProbability=\(share)", "mapSeed=\(seed)"])
    #expect(lake.renderText().filter("SFHG".contains) == text)
  }

  @Test(
    arguments: [
      ["map=random", "size=100", "frozenProbability=0.5"], ["map=random", "size=7.5"],
      ["map=random", "mapSeed=0.5"], ["map=5x5"], ["successRate=1.5"],
    ])
  func senselessLakesAreRefused(choices: [String]) throws {
    let error = #expect(throws: EnvironmentError.self) { try made("FrozenLake-v1", choices) }
    #expect(error?.problem == .invalidOption)
  }

  @Test func wallsStopTheTaxi() throws {
    var taxi = Taxi()
    try taxi.reset(seed: 0)
    // In the second column of the first row, with a wall to the east and none to the west.
    try StateArchive.set(&taxi, to: ["state": 20], partial: true)
    #expect(taxi.extras.actionMask == [true, false, false, true, false, false])
    _ = try taxi.step(2)
    #expect(taxi.observation == 20)
    _ = try taxi.step(3)
    #expect(taxi.observation == 0)
    #expect(taxi.extras.actionMask == [true, false, true, false, true, false])
  }

  @Test func aFicklePassengerChangesTheirMindOnce() throws {
    func check<Task: TabularEnvironment>(_ made: Task) throws {
      var taxi = made
      // The stand that the passenger wants to.
      var destination: Int { taxi.observation % 4 }
      try taxi.reset(seed: 0)
      // At the red stand with a passenger who wants to the green one.
      try StateArchive.set(&taxi, to: ["state": 1], partial: true)
      _ = try taxi.step(4)
      #expect(destination == 1)
      _ = try taxi.step(1)  // against the wall: nothing moves
      #expect(destination == 1)
      _ = try taxi.step(0)
      let chosen = destination
      #expect(chosen != 1)
      for action in [0, 1, 1] { _ = try taxi.step(action) }
      #expect(destination == chosen)
    }
    try check(made("Taxi-v4", ["ficklePassenger=true", "fickleProbability=1"]))
  }

  @Test(arguments: [(0, 1, true), (1, 0, false)])
  func blackjackGoesAsTheOriginal(action: Int, reward: Double, stands: Bool) throws {
    var game = Blackjack()
    try game.reset(seed: 42)
    #expect(game.observation == BlackjackObservation(sum: 15, dealerCard: 2, hasUsableAce: false))
    #expect(try game.step(1) == Step(reward: -1, terminated: true))
    #expect(game.observation.sum == 25)
    try game.reset()
    #expect(game.observation == BlackjackObservation(sum: 5, dealerCard: 2, hasUsableAce: false))
    #expect(try game.step(action) == Step(reward: reward, terminated: stands))
  }

  @Test(
    arguments: [
      (false, true, 20, 1), (true, false, 20, 1.5), (false, false, 20, 1), (true, true, 20, 1),
      (true, false, 21, 0), (false, true, 21, 1),
    ] as [(Bool, Bool, Int, Double)])
  func aNaturalPaysByTheRules(natural: Bool, sab: Bool, dealer: Int, reward: Double) throws {
    var game = Blackjack(natural: natural, sab: sab)
    try game.reset(seed: 0)
    try StateArchive.set(
      &game,
      to: [
        "playerTotal": 11, "playerHasAce": true, "playerCards": 2,
        "dealerTotal": .integer(Int64(dealer)), "dealerHasAce": false, "dealerCards": 3,
      ], partial: true)
    #expect(try game.step(0) == Step(reward: reward, terminated: true))
  }

  @Test func textShowsTheState() throws {
    var lake = try made("FrozenLake-v1")
    try lake.reset(seed: 0)
    #expect(lake.renderText() == "[S] F  F  F \n F  H  F  H \n F  F  F  H \n H  F  F  G \n")
    var taxi = Taxi()
    try taxi.reset(seed: 0)
    try StateArchive.set(&taxi, to: ["state": 17], partial: true)
    #expect(taxi.renderText().hasPrefix("+-------------------+\n|[P]:   |   :   : G |\n"))
    #expect(taxi.renderText().hasSuffix("passenger in the taxi, to G\n"))
  }
}
