import Environments
import FileFormats
import Imaging
import Testing

#if Box2D
  /// The expected numbers are what Gymnasium 1.4 gave, over Box2D 2.3, for the same seed and actions.
  struct LunarLanderTests {
    /// A pilot who lands: Gymnasium's `heuristic` of `lunar_lander.py`.
    private func pilot(_ seen: [Float]) -> Int {
      let lean = min(max(seen[0] * 0.5 + seen[2], -0.4), 0.4)
      var turn = (lean - seen[4]) * 0.5 - seen[5]
      var lift = (0.55 * abs(seen[0]) - seen[1]) * 0.5 - seen[3] * 0.5
      if seen[6] + seen[7] > 0 { (turn, lift) = (0, -seen[3] * 0.5) }
      if lift > abs(turn), lift > 0.05 { return 2 }
      return turn < -0.05 ? 3 : turn > 0.05 ? 1 : 0
    }

    private func distance(_ left: [Float], _ right: [Float]) -> Float {
      zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test(
      arguments: [
        (
          false, [0.002297, 1.4181306, 0.2326471, 0.3204666, -0.0026549, -0.052698, 0, 0],
          [0.023463, 1.4872799, 0.2040399, 0.2571039, -0.042447, -0.1070958, 0, 0],
          [0.002914, 1.401602, 0.295117, -0.414116, -0.00337, -0.066848, 0, 0]
        ),
        (
          true, [0.0022175, 1.4181306, 0.2239268, 0.3204666, -0.0019663, -0.0390632, 0, 0],
          [0.0213544, 1.4777082, 0.1325146, 0.1921272, 0.0125964, 0.0618705, 0, 0],
          [-0.005689, 1.403059, -0.57555, -0.349418, 0.00597, 0.118085, 0, 0]
        ),
      ] as [(Bool, [Float], [Float], [Float])])
    func fliesNearlyAsTheOriginal(
      hasWind: Bool, first: [Float], tenth: [Float], second: [Float]
    ) throws {
      var lander = LunarLander(LunarConditions(hasWind: hasWind))
      try lander.reset(seed: 42)
      #expect(distance(lander.observation, first) < 3e-4)
      for action in [2, 2, 1, 3, 0, 2, 3, 1, 0, 2] { _ = try lander.step(action) }
      #expect(distance(lander.observation, tenth) < 1e-4)
      try lander.reset()
      #expect(distance(lander.observation, second) < 3e-4)
    }

    /// Gymnasium's pilot has a mean return of 253 with a standard error of 8 over these seeds.
    @Test func aPilotLandsAsInTheOriginal() throws {
      var lander = LunarLander()
      var sum = 0.0
      for seed: UInt64 in 0..<100 {
        try lander.reset(seed: seed)
        var step = Step(reward: 0)
        while !step.terminated {
          step = try lander.step(pilot(lander.observation))
          sum += step.reward
        }
        #expect(abs(step.reward) == 100)
      }
      #expect(230...275 ~= sum / 100)
    }

    @Test(arguments: ["LunarLander-v3", "LunarLanderContinuous-v3"], [[], ["wind=true"]])
    func everyRuleIsKept(id: String, choices: [String]) throws {
      let spec = try #require(EnvironmentCatalog.spec(id))
      #expect(EnvironmentCheck.problems(of: try spec.make(choices)) == [])
    }

    @Test func fallingFreelyIsACrash() throws {
      var lander = LunarLander()
      try lander.reset(seed: 3)
      var last = Step(reward: 0)
      while !last.terminated { last = try lander.step(0) }
      #expect(last == Step(reward: -100, terminated: true))
      let error = #expect(throws: EnvironmentError.self) { try lander.step(0) }
      #expect(error?.problem == .needsReset)
    }

    @Test func aCopyGoesItsOwnWay() throws {
      var (lander, twin) = (LunarLander(), LunarLander())
      try lander.reset(seed: 5)
      try twin.reset(seed: 5)
      for _ in 0..<30 { #expect(try lander.step(2) == twin.step(2)) }
      var copy = lander
      for number in 0..<40 {
        _ = try copy.step(1)
        #expect(try lander.step(number % 4) == twin.step(number % 4))
        #expect(lander.observation == twin.observation)
      }
      #expect(copy.observation != lander.observation)
    }

    @Test func theStateIsTheRandomNumbersAndTheCommands() throws {
      var lander = LunarLander(LunarConditions(hasWind: true))
      try lander.reset(seed: 8)
      try lander.reset()
      for action in [0, 1, 2, 3] { _ = try lander.step(action) }
      let state = StateArchive.state(of: lander)
      #expect(state["commands"] == [[0.0, 0.0], [0.0, -1.0], [1.0, 0.0], [0.0, 1.0]])
      var restored = LunarLander(LunarConditions(hasWind: true))
      try StateArchive.set(&restored, to: state)
      #expect(restored.observation == lander.observation)
      for _ in 0..<20 { #expect(try restored.step(2) == lander.step(2)) }
      try lander.reset()
      try restored.reset()
      #expect(restored.observation == lander.observation)
    }

    @Test(
      arguments: [
        ["commands": [[0, 2]]], ["commands": [[0]]], ["commands": [0, 0]], ["commands": [["", 0]]],
        // Longer than any fall.
        ["commands": .array([JSON](repeating: [0, 0], count: 500))],
      ] as [JSON])
    func aStateThatCannotBeIsRefused(state: JSON) throws {
      var lander = LunarLander()
      try lander.reset(seed: 0)
      let before = StateArchive.state(of: lander)
      let error = #expect(throws: EnvironmentError.self) {
        try StateArchive.set(&lander, to: state, partial: true)
      }
      #expect(error?.problem == .invalidState)
      #expect(StateArchive.state(of: lander) == before)
    }

    @Test(
      arguments: [
        (0, [-0.5, 0.5]), (1, [0, -1]), (2, [1, 0.3]), (2, [7, -0.2]), (3, [-1, 7]),
      ] as [(Int, [Float])])
    func throttlesAtFullPowerAreTheFourActions(action: Int, command: [Float]) throws {
      var (lander, throttled) = (LunarLander(), LunarLanderContinuous())
      try lander.reset(seed: 6)
      try throttled.reset(seed: 6)
      for _ in 0..<10 { #expect(try lander.step(action) == throttled.step(command)) }
      #expect(lander.observation == throttled.observation)
    }

    @Test func halfTheThrottlePushesLess() throws {
      func climb(_ throttle: Float) throws -> Float {
        var lander = LunarLanderContinuous()
        try lander.reset(seed: 1)
        for _ in 0..<10 { _ = try lander.step([throttle, 0]) }
        return lander.observation[3]
      }
      // Just above 0 the main engine runs at half its power.
      let (none, half, full) = (try climb(0), try climb(1e-6), try climb(1))
      #expect(abs((half - none) / (full - none) - 0.5) < 0.01)
    }

    @Test func windBlowsAndGravityPulls() throws {
      func fall(_ conditions: LunarConditions) throws -> [Float] {
        var lander = LunarLander(conditions)
        try lander.reset(seed: 2)
        for _ in 0..<20 { _ = try lander.step(0) }
        return lander.observation
      }
      let calm = try fall(LunarConditions(hasWind: true, windPower: 0, turbulencePower: 0))
      let wind = try fall(LunarConditions(hasWind: true, turbulencePower: 0))
      let turbulence = try fall(LunarConditions(hasWind: true, windPower: 0))
      #expect(abs(wind[2] - calm[2]) > 0.01 && abs(wind[3] - calm[3]) < 1e-3)
      #expect(abs(turbulence[5] - calm[5]) > 0.01 && abs(turbulence[2] - calm[2]) < 1e-2)
      let (heavy, light) = (try fall(LunarConditions()), try fall(LunarConditions(gravity: -5)))
      // 21 fiftieths of a second at 5 m/s², in 7.5 m/s.
      #expect(abs(light[3] - heavy[3] - 5 * 21 / 50 / 7.5) < 1e-3)
    }

    @Test(arguments: ["gravity=1", "gravity=-13", "windPower=21", "turbulencePower=-1"])
    func senselessConditionsAreRefused(choice: String) throws {
      let spec = try #require(EnvironmentCatalog.spec("LunarLander-v3"))
      let error = #expect(throws: EnvironmentError.self) { try spec.make([choice]) }
      #expect(error?.problem == .invalidOption)
    }

    @Test func thePictureShowsTheRunningEngine() throws {
      func orange(_ action: Int) throws -> Int {
        var lander = LunarLander()
        try lander.reset(seed: 0)
        for _ in 0..<40 { _ = try lander.step(0) }
        _ = try lander.step(action)
        let picture = lander.render()
        #expect(picture.width == 600 && picture.height == 400)
        return (0..<600 * 400).count {
          picture.colour(x: $0 % 600, y: $0 / 600) == Colour(0xF08C2E)
        }
      }
      #expect(try orange(0) == 0)
      #expect(try orange(1) > 20)
      #expect(try orange(2) > 100)
    }
  }
#else
  struct LunarLanderTests {
    @Test(arguments: ["LunarLander-v3", "LunarLanderContinuous-v3"])
    func withoutBox2DItSaysHowToBuildIt(id: String) throws {
      #expect(!EnvironmentCatalog.specs.contains { $0.id == id })
      let spec = try #require(EnvironmentCatalog.spec(id))
      let error = #expect(throws: EnvironmentError.self) { try spec.make(["gravity=-5"]) }
      #expect(error?.problem == .notBuilt)
      #expect(error?.description.contains("swift build -c release --traits default,Box2D") == true)
    }
  }
#endif
