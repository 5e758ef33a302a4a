#if Box2D
  /// A lander that is brought down between two flags on the moon by engines that are on or off, as
  /// Gymnasium's `LunarLander`, over Debian's Box2D.
  ///
  /// Actions: 0 nothing, 1 the engine that pushes to the left, 2 the main engine, 3 the one that
  /// pushes to the right, all at full power. Everything else, and what differs from Gymnasium's, is
  /// as in `LunarLanderContinuous`.
  public struct LunarLander: EnvironmentWrapper {
    /// What the agent does.
    public typealias Action = Int

    /// The commands of the actions: the main engine's and the side engines'.
    private static let commands: [[Float]] = [[0, 0], [0, -1], [1, 0], [0, 1]]

    /// The task whose engines are throttled.
    public var base: LunarLanderContinuous

    /// The task, to be reset.
    public init(_ conditions: LunarConditions = LunarConditions()) {
      base = LunarLanderContinuous(conditions)
    }

    static var spec: EnvironmentSpec {
      EnvironmentSpec(
        "LunarLander-v3", "Land on the moon with engines that are on or off.",
        maxEpisodeSteps: 1000, rewardThreshold: 200, options: LunarConditions.options
      ) { options in LunarLander(LunarConditions(options)) }
    }

    /// The actions there are.
    public var actionSpace: Space { .discrete(count: Self.commands.count) }

    /// Acts once.
    public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
      try require(action, below: Self.commands.count)
      return try base.step(Self.commands[action])
    }
  }
#endif
