import Environments
import FileFormats
import Imaging
import Testing

/// The expected numbers are what Gymnasium 1.4 gave for the same seed and actions.
struct ClassicControlTests {
  /// Begins with seed 42, acts, and compares every observation and reward to 1e-6.
  private func follow<E: Environment>(
    _ start: E, _ first: [Float], _ steps: [(action: E.Action, seen: [Float], reward: Double)]
  ) throws where E.Observation == [Float] {
    func isNear(_ left: [Float], _ right: [Float]) -> Bool {
      left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-6 }
    }
    var environment = start
    try environment.reset(seed: 42)
    #expect(isNear(environment.observation, first))
    for (action, seen, reward) in steps {
      let step = try environment.step(action)
      #expect(isNear(environment.observation, seen))
      #expect(abs(step.reward - reward) <= 1e-6)
      #expect(!step.endsEpisode)
    }
  }

  @Test func mountainCarGoesAsTheOriginal() throws {
    try follow(
      MountainCar(), [-0.4452088, 0],
      [
        (2, [-0.4447913, 0.0004174793], -1), (2, [-0.4439594, 0.0008319142], -1),
        (0, [-0.4447191, -0.0007597149], -1), (1, [-0.4460649, -0.0013458064], -1),
      ])
  }

  @Test func continuousMountainCarGoesAsTheOriginal() throws {
    try follow(
      MountainCarContinuous(), [-0.4452088, 0],
      [
        ([0.5], [-0.4450413, 0.00016747933], -0.025), ([-1.5], [-0.4469576, -0.001916263], -0.225),
        ([0.25], [-0.4490686, -0.002111021], -0.00625),
      ])
  }

  @Test func acrobotGoesAsTheOriginal() throws {
    try follow(
      Acrobot(), [0.99849933, 0.0547638, 0.99992526, -0.012224007, 0.07171959, 0.039473604],
      [
        (2, [0.9988263, 0.0484355, 0.99933636, 0.03642501, -0.13198231, 0.43717727], -1),
        (0, [0.99949586, 0.03174992, 0.99626994, 0.08629172, -0.03034727, 0.05186467], -1),
        (1, [0.99971855, 0.0237233, 0.9959287, 0.09014444, -0.04819978, -0.015068185], -1),
      ])
  }

  @Test func pendulumGoesAsTheOriginal() throws {
    try follow(
      Pendulum(), [-0.14995256, 0.9886932, -0.12224312],
      [
        ([1.5], [-0.19154312, 0.9814842, 0.8442768], -2.96667524),
        ([-3], [-0.25394198, 0.96721947, 1.2803899], -3.1853200),
        ([0.25], [-0.35126218, 0.9362771, 2.0433044], -3.50394117),
      ])
  }

  @Test(
    arguments: [
      ("MountainCar-v0", []), ("MountainCar-v0", ["goalVelocity=0.03"]),
      ("MountainCarContinuous-v0", []), ("Acrobot-v1", []), ("Pendulum-v1", ["gravity=9.81"]),
    ] as [(String, [String])])
  func everyRuleIsKept(id: String, choices: [String]) throws {
    let spec = try #require(EnvironmentCatalog.spec(id))
    #expect(EnvironmentCheck.problems(of: try spec.make(choices)) == [])
  }

  @Test func theWallTakesTheVelocityAway() throws {
    var car = MountainCar()
    try car.reset(seed: 0)
    try StateArchive.set(&car, to: ["position": -1.19, "velocity": -0.05], partial: true)
    _ = try car.step(0)
    #expect(car.observation == [-1.2, 0])
  }

  @Test(arguments: [(0.0, true), (0.06, false)])
  func theGoalNeedsItsVelocity(goalVelocity: Double, isEnd: Bool) throws {
    var car = MountainCar(goalVelocity: goalVelocity)
    try car.reset(seed: 0)
    try StateArchive.set(&car, to: ["position": 0.48, "velocity": 0.03], partial: true)
    #expect(try car.step(2).terminated == isEnd)
  }

  @Test func arrivingWithTheThrottlePaysLessTheFuel() throws {
    var car = MountainCarContinuous()
    try car.reset(seed: 0)
    try StateArchive.set(
      &car, to: ["position": 0.43, "velocity": 0.03, "isAtStart": false], partial: true)
    #expect(try car.step([0.5]) == Step(reward: 99.975, terminated: true))
  }

  @Test func actionsBeyondTheRangeAreCut() throws {
    var (cut, full) = (Pendulum(), Pendulum())
    try cut.reset(seed: 1)
    try full.reset(seed: 1)
    #expect(try cut.step([7]) == full.step([2]))
    #expect(cut.observation == full.observation)
    // The car's force is cut, its fuel is not.
    var car = MountainCarContinuous()
    try car.reset(seed: 1)
    #expect(try car.step([3]).reward == -0.9)
  }

  @Test(arguments: [[], [.nan], [.infinity], [0, 0]] as [[Float]])
  func senselessActionsChangeNothing(action: [Float]) throws {
    var (car, pendulum) = (MountainCarContinuous(), Pendulum())
    try car.reset(seed: 0)
    try pendulum.reset(seed: 0)
    let before = (StateArchive.state(of: car), StateArchive.state(of: pendulum))
    let errors = (
      #expect(throws: EnvironmentError.self) { try car.step(action) },
      #expect(throws: EnvironmentError.self) { try pendulum.step(action) }
    )
    #expect(errors.0?.problem == .invalidAction && errors.1?.problem == .invalidAction)
    #expect(before == (StateArchive.state(of: car), StateArchive.state(of: pendulum)))
  }

  @Test(
    arguments: [["low": 1, "high": 0], ["low": -1e300], ["high": 1e39], ["x_init": 1]]
      as [[String: Double]])
  func senselessBoundsOfAResetAreRefused(options: [String: Double]) {
    var acrobot = Acrobot()
    let error = #expect(throws: EnvironmentError.self) {
      try acrobot.reset(seed: 0, options: options)
    }
    #expect(error?.problem == .invalidOption)
  }

  @Test(arguments: [["x_init": -1], ["y_init": 1e300], ["low": 1]] as [[String: Double]])
  func senselessBoundsOfThePendulumAreRefused(options: [String: Double]) {
    var pendulum = Pendulum()
    let error = #expect(throws: EnvironmentError.self) {
      try pendulum.reset(seed: 0, options: options)
    }
    #expect(error?.problem == .invalidOption)
  }

  @Test func theFreeEndAboveTheLineEndsTheTask() throws {
    var acrobot = Acrobot()
    try acrobot.reset(seed: 0)
    try StateArchive.set(
      &acrobot, to: ["angle": 3, "bend": 0, "velocity": 0, "bendVelocity": 0], partial: true)
    #expect(try acrobot.step(1) == Step(reward: 0, terminated: true))
  }

  /// States no episode reaches, but a state given by hand may be: they must neither trap nor hang.
  @Test(arguments: [1e300, -1e300])
  func aStateFarOffIsShown(number: Double) throws {
    func show<E: Environment>(_ start: E, _ action: E.Action, _ names: [String]) throws {
      var environment = start
      try environment.reset(seed: 0)
      try StateArchive.set(
        &environment, to: .object(names.map { JSON.Member($0, .number(number)) }), partial: true)
      #expect(!environment.renderText().isEmpty)
      #expect(environment.render().width > 0)
      _ = try environment.step(action)
      _ = environment.observation
    }
    try show(MountainCar(), 1, ["position", "velocity"])
    try show(MountainCarContinuous(), [0], ["position", "velocity"])
    try show(Acrobot(), 1, ["angle", "bend", "velocity", "bendVelocity"])
    try show(Pendulum(), [0], ["angle", "velocity"])
  }

  @Test func textShowsThePendulumUpright() throws {
    var pendulum = Pendulum()
    try pendulum.reset(seed: 0)
    try StateArchive.set(&pendulum, to: ["angle": 0], partial: true)
    let rows = pendulum.renderText().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows[1] == String(repeating: " ", count: 20) + "O")
    #expect(rows[10] == String(repeating: " ", count: 20) + "o")
  }
}
