import Environments
import FileFormats
import Testing

/// The expected values are what MinAtar 1.0.15 gave for the same seed and actions.
struct MinAtarTests {
  private static let ids = [
    "MinAtar/Asterix-v0", "MinAtar/Breakout-v0", "MinAtar/Freeway-v0", "MinAtar/Seaquest-v0",
    "MinAtar/SpaceInvaders-v0",
  ]

  /// The action of a step of the fixed pattern that the expected values come from.
  private static func action(_ step: Int) -> Int { step * step / 5 % 6 }

  private static func game(
    _ id: String, _ choices: [String] = []
  ) throws -> any Environment<[UInt8], Int> {
    let spec = try #require(EnvironmentCatalog.spec(id))
    return try #require(try spec.make(choices) as? any Environment<[UInt8], Int>)
  }

  /// Four hundred steps over the ends of episodes: the sum of the rewards, the ends, and a checksum
  /// of all that was seen.
  @Test(
    arguments: zip(
      ids,
      [
        (2, 3, 612_389), (21, 30, 550_392), (0, 0, 778_261), (1, 2, 597_679), (10, 1, 379_343),
      ] as [(Double, Int, Int)]))
  func episodesOfTheOriginal(id: String, expected: (Double, Int, Int)) throws {
    var game = try Self.game(id)
    try game.reset(seed: 7)
    var (sum, ends, checksum) = (0.0, 0, 0)
    for number in 0..<400 {
      let step = try game.step(Self.action(number))
      let seen = game.observation
      let places = seen.indices.filter { seen[$0] == 1 }.map { $0 + 1 }.reduce(0, +)
      checksum = (checksum * 31 + places) % 1_000_003
      sum += step.reward
      if step.terminated {
        ends += 1
        try game.reset()
      }
    }
    #expect(sum == expected.0)
    #expect(ends == expected.1)
    #expect(checksum == expected.2)
  }

  @Test(arguments: ids)
  func keepsTheRules(id: String) throws {
    for version in ["v0", "v1"] {
      let game = try Self.game(id.replacing("v0", with: version))
      #expect(EnvironmentCheck.problems(of: game) == [])
    }
  }

  @Test(arguments: ids)
  func goesOnFromAStateThatWasWrittenAndRead(id: String) throws {
    func check<E: Environment<[UInt8], Int>>(_ fresh: E) throws {
      var game = fresh
      try game.reset(seed: 3)
      for number in 0..<200 {
        if try game.step(Self.action(number)).terminated { try game.reset() }
      }
      var restored = fresh
      try StateArchive.set(&restored, to: StateArchive.state(of: game))
      for number in 200..<400 {
        let step = try game.step(Self.action(number))
        #expect(try restored.step(Self.action(number)) == step)
        #expect(restored.observation == game.observation)
        if step.terminated {
          try game.reset()
          try restored.reset()
        }
      }
    }
    try check(try Self.game(id))
  }

  @Test(arguments: [-1, 3])
  func refusesAnActionThatIsNone(action: Int) throws {
    func check<Game: Environment<[UInt8], Int>>(_ made: Game) throws {
      var game = made
      try game.reset(seed: 1)
      let before = StateArchive.state(of: game)
      let error = #expect(throws: EnvironmentError.self) { try game.step(action) }
      #expect(error?.problem == .invalidAction)
      #expect(StateArchive.state(of: game) == before)
    }
    try check(try Self.game("MinAtar/Breakout-v1"))
  }

  /// Whatever is asked for, the paddle stays where the first action, none, leaves it.
  @Test func alwaysSticky() throws {
    var game = try Self.game("MinAtar/Breakout-v1", ["stickyActionProbability=1"])
    try game.reset(seed: 5)
    let paddle = (9 * 10 + 4) * 4
    for _ in 0..<5 {
      _ = try game.step(1)
      #expect(game.observation[paddle] == 1)
    }
  }

  @Test func neverSticky() throws {
    var game = try Self.game("MinAtar/Breakout-v1", ["stickyActionProbability=0"])
    try game.reset(seed: 5)
    for column in [3, 2, 1, 0, 0] {
      _ = try game.step(1)
      #expect(game.observation[(9 * 10 + column) * 4] == 1)
    }
  }

  @Test func difficultyRampsOnlyWhereItIsAskedFor() throws {
    for (choice, interval) in [("true", 9), ("false", 10)] {
      var game = try Self.game("MinAtar/Asterix-v0", ["difficultyRamping=\(choice)"])
      try game.reset(seed: 0)
      for _ in 0..<102 { #expect(try !game.step(0).terminated) }
      #expect(StateArchive.state(of: game)["spawnInterval"]?.integerValue == interval)
    }
    #expect(throws: EnvironmentError.self) {
      try Self.game("MinAtar/Breakout-v0", ["difficultyRamping=false"])
    }
  }

  @Test(arguments: [
    ("MinAtar/Breakout-v0", #"{"bricks": [95]}"#), ("MinAtar/SpaceInvaders-v0", #"{"aliens": []}"#),
    ("MinAtar/Seaquest-v0", #"{"x": 0, "facesRight": true}"#),
    ("MinAtar/Seaquest-v0", #"{"fish": [1000000]}"#),
  ])
  func refusesAStateThatCannotBe(id: String, text: String) throws {
    func check<E: Environment>(_ fresh: E) throws {
      var game = fresh
      let before = StateArchive.state(of: game)
      let state = try JSON.decode(Array(text.utf8), path: "state")
      let error = #expect(throws: EnvironmentError.self) {
        try StateArchive.set(&game, to: state, partial: true)
      }
      #expect(error?.problem == .invalidState)
      #expect(StateArchive.state(of: game) == before)
    }
    try check(try Self.game(id))
  }
}
