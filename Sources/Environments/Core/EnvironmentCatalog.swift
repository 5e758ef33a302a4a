/// The environments that can be made by their ids.
public enum EnvironmentCatalog {
  /// The entries, by family.
  public static let specs: [EnvironmentSpec] =
    [
      CartPole.spec(version: 0, maxEpisodeSteps: 200, rewardThreshold: 195),
      CartPole.spec(version: 1, maxEpisodeSteps: 500, rewardThreshold: 475),
      MinAtarGame<Asterix>.spec(version: 0),
      MinAtarGame<Asterix>.spec(version: 1),
      MinAtarGame<Breakout>.spec(version: 0),
      MinAtarGame<Breakout>.spec(version: 1),
      MinAtarGame<Freeway>.spec(version: 0),
      MinAtarGame<Freeway>.spec(version: 1),
      MinAtarGame<Seaquest>.spec(version: 0),
      MinAtarGame<Seaquest>.spec(version: 1),
      MinAtarGame<SpaceInvaders>.spec(version: 0),
      MinAtarGame<SpaceInvaders>.spec(version: 1),
      MountainCar.spec, MountainCarContinuous.spec, Acrobot.spec, Pendulum.spec,
      FrozenLake.spec("FrozenLake-v1", map: "4x4", maxEpisodeSteps: 100, rewardThreshold: 0.7),
      FrozenLake.spec("FrozenLake8x8-v1", map: "8x8", maxEpisodeSteps: 200, rewardThreshold: 0.85),
      CliffWalking.spec("CliffWalking-v1", isSlippery: false),
      CliffWalking.spec("CliffWalkingSlippery-v1", isSlippery: true),
      Taxi.spec, Blackjack.spec,
      Catch.spec, Identity.spec, Chain.spec,
    ] + box2D

  #if Box2D
    private static let box2D = [LunarLander.spec, LunarLanderContinuous.spec]
    private static let notBuilt: [EnvironmentSpec] = []
  #else
    private static let box2D: [EnvironmentSpec] = []
    private static let notBuilt = ["LunarLander-v3", "LunarLanderContinuous-v3"]
      .map { EnvironmentSpec($0, withoutTrait: "Box2D") }
  #endif

  /// The entry of an id, or nil when there is none. An environment that this program was built
  /// without has one too, though not among `specs`: to make it says how to build it.
  public static func spec(_ id: String) -> EnvironmentSpec? {
    (specs + notBuilt).first { $0.id == id }
  }
}
