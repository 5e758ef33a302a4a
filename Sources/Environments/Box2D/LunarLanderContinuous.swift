#if Box2D
  import Imaging

  /// A lander that is brought down between two flags on the moon by engines with throttles, as
  /// Gymnasium's `LunarLander` with `continuous=True`, over Debian's Box2D.
  ///
  /// | Observation | Range | Unit |
  /// | --- | --- | --- |
  /// | place from the middle of the pad | -2.5...2.5 | 10 m across, 6.67 m up |
  /// | velocity | -10...10 | 5 m/s across, 7.5 m/s up |
  /// | angle, positive to the left | -2 pi...2 pi | rad |
  /// | angular velocity | -10...10 | 2.5 rad/s |
  /// | whether the right leg touches the ground, and the left one | 0...1 | |
  ///
  /// The action is two numbers, cut to -1...1. The first throttles the main engine: off up to 0,
  /// from half to full power above. The second throttles the side engines: a push to the left below
  /// -0.5, to the right above 0.5, none between. Engines push with some dispersion.
  ///
  /// A step pays what the lander gains in being near the pad, slow, upright and on its legs, less
  /// the fuel: 0.3 for the main engine at full power, 0.03 for a side engine. The task ends when the
  /// hull touches the ground or the lander leaves to the side, which pays -100, or when the lander
  /// has come to rest, which pays 100. It begins high above the pad with a random push.
  ///
  /// Differs from Gymnasium's: Box2D is 2.4.1, while Python's is 2.3, which solves hinges and contacts
  /// in another way. Starts agree to 2.4e-4, and flights of the same actions drift apart from there;
  /// `docs/environments.md` says how far. A copy flies its episode anew before its next step, since
  /// a world of Box2D cannot be copied: it goes on exactly as the original would.
  public struct LunarLanderContinuous: Environment {
    private let conditions: LunarConditions
    /// The random numbers as the reset found them: with the commands they decide the whole flight.
    private var start = PCG64(seed: 0)
    private var commands: [SIMD2<Float>] = []
    private var flight: LunarFlight

    /// The task, to be reset.
    public init(_ conditions: LunarConditions = LunarConditions()) {
      self.conditions = conditions
      flight = LunarFlight(conditions, random: start)
    }

    static var spec: EnvironmentSpec {
      EnvironmentSpec(
        "LunarLanderContinuous-v3", "Land on the moon with engines that are throttled.",
        maxEpisodeSteps: 1000, rewardThreshold: 200, options: LunarConditions.options
      ) { options in LunarLanderContinuous(LunarConditions(options)) }
    }

    /// The observations there are.
    public var observationSpace: Space {
      let high = [2.5, 2.5, 10, 10, 2 * .pi, 10, 1, 1]
      return .box(BoxSpace(low: high.map { -$0 }.dropLast(2) + [0, 0], high: high))
    }

    /// How many steps a second look natural.
    public var framesPerSecond: Int { Int(LunarFlight.framesPerSecond) }

    /// The actions there are.
    public var actionSpace: Space { .box(BoxSpace(-1...1, shape: [2])) }

    /// Begins an episode.
    public mutating func reset(
      seed: UInt64?, options: [String: Double]
    ) throws(EnvironmentError) {
      try refuseOptions(options)
      start = seed.map { PCG64(seed: $0) } ?? flight.random
      commands.removeAll(keepingCapacity: true)
      flight = LunarFlight(conditions, random: start)
    }

    /// Acts once.
    public mutating func step(_ action: [Float]) throws(EnvironmentError) -> Step {
      try require(action, count: 2)
      guard !flight.isOver else {
        throw EnvironmentError(.needsReset, "the flight is over: reset first")
      }
      if !flight.ownsItsWorld() { try flyAnew() }
      commands.append(SIMD2(action).clamped(lowerBound: -.one, upperBound: .one))
      return flight.advance(commands[commands.count - 1])
    }

    /// Brings a world of its own to where the commands so far lead.
    private mutating func flyAnew() throws(EnvironmentError) {
      var anew = LunarFlight(conditions, random: start)
      for command in commands {
        guard !anew.isOver else {
          throw EnvironmentError(
            .invalidState, "part 'commands' of the state goes on after the end of the flight")
        }
        _ = anew.advance(command)
      }
      flight = anew
    }

    /// Writes what the agent sees now.
    public func observe(into observation: inout [Float]) {
      observation.fill(count: 8) { numbers in
        for place in 0..<8 { numbers[place] = Float(flight.observation[place]) }
      }
    }

    /// Writes or reads the state: the random numbers at the reset, and the commands since.
    public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
      let before = (start, commands)
      try start.archive(&archive)
      try archive.pairs("commands", &commands, in: -1...1)
      if before != (start, commands) { try flyAnew() }
    }

    /// The state as text.
    public func renderText() -> String { LunarScene(flight).text }

    /// A picture of the state.
    public func render() -> Image { LunarScene(flight).image }
  }
#endif
