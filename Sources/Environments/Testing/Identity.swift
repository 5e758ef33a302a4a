import Imaging

/// A number is shown and the same number is the right answer, as the `IdentityEnv` of Stable
/// Baselines3: what any agent must learn before it is tried on anything else.
///
/// The observation is a number below `count` (option, usually 4), a new one each step, all equally
/// likely. The action is a number of the same range; the right one pays 1, others pay 0. The task
/// has no end of its own.
public struct Identity: TableWalking {
  /// What archives call the state.
  public static let stateName = "number"
  /// Where it has come to.
  public var walk: TableWalk

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

  /// The number.
  public func renderText() -> String { "\(walk.state)\n" }

  /// A row of tiles, the number's own among them marked.
  public func render() -> Image {
    GridPicture(rows: 1, columns: table.stateCount, tile: 40) { _, column in
      column == walk.state ? Colour(0xD9663D) : Colour(0xE4E6E8)
    }.canvas.image
  }
}
