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
  ]

  /// The entry of an id, or nil when there is none.
  public static func spec(_ id: String) -> EnvironmentSpec? {
    specs.first { $0.id == id }
  }
}
