import Imaging

/// A number is shown and the same number is the right answer, as the `IdentityEnv` of Stable
/// Baselines3: what any agent must learn before it is tried on anything else.
///
/// The observation is a number below `count` (option, usually 4), a new one each step, all equally
/// likely. The action is a number of the same range; the right one pays 1, others pay 0. The task
/// has no end of its own.
public struct Identity: TabularEnvironment {
  /// What follows from each action in each state.
  public var table: TransitionTable { walk.table }
  private var walk: TableWalk

  /// The task, to be reset.
  ///
  /// - Parameter count: how many numbers there are; at least 1.
  public init(count: Int = 4) {
    precondition(count >= 1, "a task of \(count) numbers")
    let share = 1 / Double(count)
    let table = TransitionTable(
      actionCount: count, startProbabilities: [Double](repeating: share, count: count)
    ) { number, action in
      (0..<count).map { next in
        Transition(
          probability: share, state: next, reward: action == number ? 1 : 0, terminated: false)
      }
    }
    walk = TableWalk(over: table)
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Identity-v0", "Answer with the number that is shown, for tests.", maxEpisodeSteps: 100,
      options: [EnvironmentOption("count", .number(4, in: 1...32), "how many numbers there are")]
    ) { options throws(EnvironmentError) in Identity(count: try options.integer("count")) }
  }

  /// The observations there are.
  public var observationSpace: Space { .discrete(count: table.stateCount) }
  /// How many steps a second look natural.
  public var framesPerSecond: Int { 4 }
  /// The actions there are.
  public var actionSpace: Space { .discrete(count: table.actionCount) }
  /// How likely the last outcome was.
  public var extras: TabularExtras { TabularExtras(probability: walk.probability) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    walk.reset(seed: seed)
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: table.actionCount)
    return walk.step(action)
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout Int) {
    observation = walk.state
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try walk.archive(&archive, state: "number")
    try walk.random.archive(&archive)
  }

  /// The number.
  public func renderText() -> String { "\(walk.state)\n" }

  /// A row of tiles, the number's own among them marked.
  public func render() -> Image {
    GridPicture(rows: 1, columns: table.stateCount, tile: 40) { _, column in
      column == walk.state ? Colour(0xD9663D) : Colour(0xE4E6E8)
    }.canvas.image
  }
}
