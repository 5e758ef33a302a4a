/// The environments that can be made by their ids.
public enum EnvironmentCatalog {
  /// The entries, by family.
  public static let specs: [EnvironmentSpec] = [
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
  ]

  /// The entry of an id, or nil when there is none.
  public static func spec(_ id: String) -> EnvironmentSpec? {
    specs.first { $0.id == id }
  }
}
