import Imaging

/// A taxi that fetches a passenger and brings them to where they want to go: the task of Dietterich
/// ("Hierarchical reinforcement learning with the MAXQ value function decomposition", 2000), as
/// Gymnasium's `Taxi`.
///
/// The observation is ((row * 5 + column) * 5 + passenger) * 4 + destination; the passenger is at
/// stand 0 red, 1 green, 2 yellow or 3 blue, or 4 in the taxi. Actions: 0 south, 1 north, 2 east,
/// 3 west, 4 pick up, 5 drop off. A step pays -1, bringing the passenger to the destination 20,
/// picking up or dropping off where it cannot be done -10. Episodes begin with the taxi anywhere and
/// the passenger at a stand that is not the destination. The task ends with the passenger at the
/// destination.
///
/// In rain (`rainy`) a taxi that is free to move goes where it means to with probability
/// `rainyProbability` and to each side with half of the rest. Some fickle passengers
/// (`ficklePassenger`, with probability `fickleProbability` in each episode) choose another
/// destination the first time the taxi moves with them; `table` tells what happens but for that.
public struct Taxi: TableWalking {
  /// How rain and passengers behave.
  struct Weather {
    /// How likely the taxi goes where it means to; nil without rain.
    var rainyProbability: Double?
    /// How likely a passenger changes their mind; nil where none does, and none is drawn.
    var fickleProbability: Double?
  }

  /// What it tells besides.
  public typealias Extras = TaxiExtras

  private let fickleProbability: Double?
  /// What archives call the state.
  public static let stateName = "state"
  /// Where it has come to.
  public var walk: TableWalk
  /// Whether the passenger will change their mind in this episode.
  private var isFickle = false

  /// The task on dry streets, to be reset.
  public init() { self.init(Weather()) }

  /// The task, to be reset.
  init(_ weather: Weather) {
    fickleProbability = weather.fickleProbability
    let starts = (0..<TaxiState.count).map { TaxiState($0).isStart ? 1.0 : 0 }
    let startCount = starts.reduce(0, +)
    let table = TransitionTable(
      actionCount: TaxiState.actionCount, startProbabilities: starts.map { $0 / startCount }
    ) { state, action in
      TaxiState(state).transitions(by: action, rainyProbability: weather.rainyProbability)
    }
    walk = TableWalk(over: table)
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Taxi-v4", "Fetch a passenger and bring them to their destination.", maxEpisodeSteps: 200,
      rewardThreshold: 8,
      options: [
        EnvironmentOption("rainy", .flag(false), "whether the taxi slips to the sides"),
        EnvironmentOption(
          "rainyProbability", .number(0.8, in: 0...1),
          "how likely the taxi goes where it means to in rain"),
        EnvironmentOption(
          "ficklePassenger", .flag(false), "whether passengers may change their destination"),
        EnvironmentOption(
          "fickleProbability", .number(0.3, in: 0...1),
          "how likely a fickle passenger changes their destination"),
      ]
    ) { options in
      Taxi(
        Weather(
          rainyProbability: options.flag("rainy") ? options.number("rainyProbability") : nil,
          fickleProbability: options.flag("ficklePassenger")
            ? options.number("fickleProbability") : nil))
    }
  }

  /// What there is to tell besides.
  public var extras: TaxiExtras {
    TaxiExtras(probability: walk.probability, actionMask: TaxiState(walk.state).actionMask)
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    walk.reset(seed: seed)
    isFickle = fickleProbability.map { walk.random.uniform() < $0 } ?? false
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: TaxiState.actionCount)
    let before = walk.state
    let step = walk.step(action)
    if isFickle { changeMind(since: before) }
    return step
  }

  /// Chooses another destination if the passenger was in the taxi and it moved.
  private mutating func changeMind(since state: Int) {
    let before = TaxiState(state)
    var after = TaxiState(walk.state)
    let hasMoved = before.row != after.row || before.column != after.column
    guard before.isOccupied, hasMoved else { return }
    isFickle = false
    let other = walk.random.integer(below: TaxiState.stands.count - 1)
    after.destination = other < before.destination ? other : other + 1
    walk.state = after.number
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try walk.archive(&archive, state: Self.stateName)
    try archive.flag("isFickle", &isFickle)
    try walk.random.archive(&archive)
  }

  /// The state as text.
  public func renderText() -> String { TaxiState(walk.state).text }
  /// A picture of the state.
  public func render() -> Image { TaxiState(walk.state).image }
}

/// What the taxi task tells besides: Gymnasium's `prob` and `action_mask`.
public struct TaxiExtras: EnvironmentExtras {
  /// How likely the last outcome was; 1 after a reset.
  public let probability: Double
  /// For each action whether it changes the state.
  public let actionMask: [Bool]

  /// By their names.
  public var members: [(name: String, value: SpaceValue)] {
    [
      ("probability", .numbers([probability])),
      ("actionMask", .numbers(actionMask.map { $0 ? 1 : 0 })),
    ]
  }
}
